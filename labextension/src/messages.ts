/**
 * The messages between page and kernel, and how what comes is checked. The twin of comet_magics/notebook/messages.py;
 * both are tested against tests/data/messages.
 */

import { PROTOCOL, type NewCell } from './tokens.js';

export interface OutputRecord {
  kind: 'stream' | 'display_data' | 'execute_result' | 'error';
  text: string;
  /** How many characters the whole text has. */
  length: number;
  mimes: string[];
  size: [number, number] | null;
  name: string;
  answer: boolean;
}

export interface CellRecord {
  id: string;
  kind: 'code' | 'markdown' | 'raw';
  source: string;
  count: number | null;
  edited: boolean | null;
  generated: string;
  outputs: OutputRecord[];
}

export interface FateRecord {
  block: string;
  kind: 'accepted' | 'edited' | 'rejected' | 'raised';
  cell: string;
  detail: string;
}

/** Page to kernel, first on either comm; `page` names the browser's tab, which may show several notebooks. */
export interface HelloFromPage {
  type: 'hello';
  protocol: number;
  page: string;
  extension: string;
}

/** Page to kernel: what changed since `base`; 0 means that it is everything. */
export interface CellsMessage {
  type: 'cells';
  protocol: number;
  /** The notebook's own connection to the kernel. */
  client: string;
  /** Through whose comms the notebook can be reached, empty if through none. */
  page: string;
  base: number;
  seq: number;
  /** Large notebooks come in several messages; only the last one counts as arrived. */
  last: boolean;
  path: string;
  asking: string;
  /** The ids of all cells in order, null if that did not change. */
  order: string[] | null;
  changed: CellRecord[];
  fates: FateRecord[];
}

/** Page to kernel: a setting was chosen. */
export interface SetMessage {
  type: 'set';
  name: 'effort' | 'model';
  value: string;
}

/** Page to kernel: what a view of the panel `panel` says. */
export interface PanelMessage {
  type: 'panel';
  panel: string;
  content: Record<string, unknown>;
}

/** Page to kernel: end the background answer `answer`; empty means all of them, and the panels' too. */
export interface StopMessage {
  type: 'stop';
  answer: string;
}

/** What goes on the comm for replies: a panel's cells, too, since they must come before its question. */
export type ToReplies = SetMessage | PanelMessage | StopMessage | CellsMessage;

/** Kernel to page, the answer to hello. */
export interface HelloFromKernel {
  type: 'hello';
  protocol: number;
  package: string;
  magics: string[];
  efforts: string[];
  /** The last whole message of cells that it has of each client. */
  seen: Record<string, number>;
}

/** Kernel to page: what the status item shows. */
export interface StatusMessage {
  type: 'status';
  model: string;
  effort: string;
  spent_usd: number;
  at_most: boolean;
  requests: number;
}

/** Kernel to page: put cells below the asking one. */
export interface InsertMessage {
  type: 'insert';
  client: string;
  asking: string;
  cells: NewCell[];
}

/** Kernel to page: a difference had nothing to be applied to; send everything next time. */
export interface ResyncMessage {
  type: 'resync';
  client: string;
}

export type FromKernel = HelloFromKernel | StatusMessage | InsertMessage | ResyncMessage;

type Shape = Record<string, (value: unknown) => boolean>;

const text = (value: unknown): boolean => typeof value === 'string';
const number = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
const truth = (value: unknown): boolean => typeof value === 'boolean';
const texts = (value: unknown): boolean => Array.isArray(value) && value.every(text);
const numbers = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.values(value).every(number);
const oneOf =
  (...words: string[]) =>
  (value: unknown): boolean =>
    words.includes(value as string);

function fits(value: unknown, shape: Shape): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const fields = value as Record<string, unknown>;
  return Object.entries(shape).every(([name, check]) => check(fields[name]));
}

const NEW_CELL: Shape = {
  kind: oneOf('code', 'markdown'),
  source: text,
  block: text,
  model: text,
  checked: value => value === null || truth(value),
  verdict: text
};

const FROM_KERNEL: Record<string, Shape> = {
  hello: { protocol: number, package: text, magics: texts, efforts: texts, seen: numbers },
  status: { model: text, effort: text, spent_usd: number, at_most: truth, requests: number },
  insert: {
    client: text,
    asking: text,
    cells: value => Array.isArray(value) && value.every(cell => fits(cell, NEW_CELL))
  },
  resync: { client: text }
};

/**
 * The message, or null if it is malformed or of a kind that this version does not know. Of another version's hello only
 * its version is believed, so that each side can say which of them is too old.
 */
export function parseFromKernel(data: unknown): FromKernel | null {
  const kind = (data as { type?: unknown } | null)?.type;
  if (typeof kind !== 'string' || !Object.hasOwn(FROM_KERNEL, kind)) {
    return null;
  }
  const { protocol, package: version } = data as Partial<HelloFromKernel>;
  if (kind === 'hello' && number(protocol) && protocol !== PROTOCOL) {
    return { type: 'hello', protocol: protocol!, package: String(version), magics: [], efforts: [], seen: {} };
  }
  return fits(data, FROM_KERNEL[kind]!) ? (data as FromKernel) : null;
}
