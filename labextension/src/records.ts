/**
 * A cell as the kernel gets it: its source, and its outputs as short text. Pure functions over nbformat's JSON.
 */

import type * as nbformat from '@jupyterlab/nbformat';
import type { CellRecord, OutputRecord } from './messages.js';
import { METADATA_KEY } from './tokens.js';

/** Longer texts lose their middle: the model could not be shown more, and a message must stay small. */
const NEAR_CHARACTERS = 8_000;
const FAR_CHARACTERS = 400;
const SOURCE_CHARACTERS = 200_000;
const OUTPUTS_PER_CELL = 30;

export interface CellState {
  readonly json: nbformat.ICell;
  readonly edited: boolean | null;
  /** Whether it stands near a cell that asks: then its outputs are told at more length. */
  readonly isNear: boolean;
}

export function recordOf({ json, edited, isNear }: CellState): CellRecord {
  const limit = isNear ? NEAR_CHARACTERS : FAR_CHARACTERS;
  const outputs = (json.cell_type === 'code' ? (json.outputs as nbformat.IOutput[]) : []) ?? [];
  return {
    id: String(json['id'] ?? ''),
    kind: json.cell_type === 'code' || json.cell_type === 'markdown' ? json.cell_type : 'raw',
    source: shorten(joined(json.source), SOURCE_CHARACTERS),
    count: typeof json['execution_count'] === 'number' ? json['execution_count'] : null,
    edited,
    generated: String((json.metadata[METADATA_KEY] as { block?: unknown } | undefined)?.block ?? ''),
    outputs: firstAndLast(outputs, OUTPUTS_PER_CELL).map(output => outputRecord(output, limit))
  };
}

function outputRecord(output: nbformat.IOutput, limit: number): OutputRecord {
  const kind = output.output_type as OutputRecord['kind'];
  const data = (output['data'] ?? {}) as Record<string, unknown>;
  const metadata = (output['metadata'] ?? {}) as Record<string, unknown>;
  const ours = metadata[METADATA_KEY] as { panel?: unknown } | undefined;
  const answer = ours !== undefined && ours.panel === undefined;
  // What the panel shows is the conversation, which the kernel has.
  const text = ours?.panel === undefined ? textOf(output, data, answer) : '';
  return {
    kind,
    text: shorten(text, limit),
    length: text.length,
    mimes: Object.keys(data),
    size: imageSize(data),
    name: kind === 'stream' ? String(output['name']) : kind === 'error' ? String(output['ename']) : '',
    answer
  };
}

function textOf(output: nbformat.IOutput, data: Record<string, unknown>, answer: boolean): string {
  if (output.output_type === 'stream') {
    return joined(output['text']);
  }
  if (output.output_type === 'error') {
    return `${String(output['ename'])}: ${String(output['evalue'])}`;
  }
  return joined((answer ? data['text/markdown'] : undefined) ?? data['text/plain'] ?? '');
}

/** nbformat's multiline strings are one string, or a list of them. */
function joined(value: unknown): string {
  return Array.isArray(value) ? value.join('') : typeof value === 'string' ? value : '';
}

export function shorten(text: string, limit: number): string {
  if (text.length <= limit) {
    return text;
  }
  const half = Math.floor(limit / 2);
  // A cut between the two halves of a character outside the basic plane would leave something that is no text.
  const head = text.slice(0, half).replace(/[\uD800-\uDBFF]$/, '');
  const tail = text.slice(-half).replace(/^[\uDC00-\uDFFF]/, '');
  return `${head}\n… ${(text.length - head.length - tail.length).toLocaleString('en')} characters left out …\n${tail}`;
}

function firstAndLast<T>(items: readonly T[], limit: number): T[] {
  return items.length <= limit ? [...items] : [...items.slice(0, limit / 2), ...items.slice(-limit / 2)];
}

/** Width and height of a PNG or JPEG picture, read from the beginning of its base64 text. */
export function imageSize(data: Record<string, unknown>): [number, number] | null {
  try {
    if ('image/png' in data) {
      const bytes = decode(joined(data['image/png']), 24);
      return [bytes.getUint32(16), bytes.getUint32(20)];
    }
    if ('image/jpeg' in data) {
      return jpegSize(decode(joined(data['image/jpeg']), 65_536));
    }
  } catch {
    // Not a picture after all: then it has no size.
  }
  return null;
}

function decode(base64: string, bytes: number): DataView {
  const clean = base64.slice(0, bytes * 2).replace(/\s/g, '');
  const wanted = Math.min(Math.ceil(bytes / 3) * 4, Math.floor(clean.length / 4) * 4);
  const binary = atob(clean.slice(0, wanted));
  return new DataView(Uint8Array.from(binary, character => character.charCodeAt(0)).buffer);
}

/** JPEG, ITU T.81 B.1.1: segments of marker and length; a frame header (SOF) holds the size. */
function jpegSize(bytes: DataView): [number, number] | null {
  for (let at = 2; at + 9 < bytes.byteLength; ) {
    const marker = bytes.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      return [bytes.getUint16(at + 7), bytes.getUint16(at + 5)];
    }
    at += 2 + bytes.getUint16(at + 2);
  }
  return null;
}

/** FNV-1a over UTF-16 units: tells whether a source is still the one that was generated. */
export function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return (value >>> 0).toString(16).padStart(8, '0');
}
