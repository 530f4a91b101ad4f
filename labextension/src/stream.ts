/**
 * A notebook's cells on their way to one kernel, as differences: only what changed since the last message. Pure, so that
 * a notebook can have a stream for its questions and one for its panel.
 */

import type { CellRecord, CellsMessage, FateRecord } from './messages.js';
import { PROTOCOL } from './tokens.js';

/** A single websocket message over about 10 MB drops the connection. */
const MESSAGE_CHARACTERS = 1_000_000;

/** The cells as they are now, and who asks. */
export interface Cells {
  /** Who sends; another one than the last time is sent everything. */
  readonly client: string;
  readonly page: string;
  readonly asking: string;
  readonly path: string;
  readonly records: readonly CellRecord[];
  readonly fates: FateRecord[];
}

export class CellStream {
  /** Send everything with the next question: the kernel is new, or lost what it had. */
  reset(): void {
    this._sent = new Map();
    this._order = '';
    this._base = 0;
  }

  /** There is a new channel, and the kernel has not yet said which messages it had. */
  doubt(): void {
    this._isDoubtful = true;
  }

  /** The kernel said which was the last message that it has. */
  confirm(seq: number): void {
    this._isDoubtful = false;
    if (seq !== this._base) {
      this.reset();
    }
  }

  messages({ client, page, asking, path, records, fates }: Cells): CellsMessage[] {
    if (client !== this._client || this._isDoubtful) {
      this._isDoubtful = false;
      this._client = client;
      this.reset();
    }
    const changed = records.filter(record => this._sent.get(record.id) !== record);
    const order = records.map(record => record.id);
    const isMoved = order.join() !== this._order;
    const base = this._base;
    const seq = ++this._seq;
    const common = { type: 'cells', protocol: PROTOCOL, client, page, base, seq, asking } as const;
    const parts = inParts(changed);
    this._sent = new Map(records.map(record => [record.id, record]));
    this._order = order.join();
    this._base = seq;
    return parts.map((part, index) => ({
      ...common,
      last: index === parts.length - 1,
      path,
      order: isMoved ? order : null,
      changed: part,
      fates
    }));
  }

  private _client = '';
  private _sent = new Map<string, CellRecord>();
  private _order = '';
  private _base = 0;
  private _isDoubtful = false;
  private _seq = 0;
}

function inParts(records: readonly CellRecord[]): CellRecord[][] {
  const parts: CellRecord[][] = [[]];
  let size = 0;
  for (const record of records) {
    const weight = record.source.length + record.outputs.reduce((sum, output) => sum + output.text.length, 200);
    if (size > 0 && size + weight > MESSAGE_CHARACTERS) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)!.push(record);
    size += weight;
  }
  return parts;
}
