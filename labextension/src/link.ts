/**
 * One notebook and its kernel: sends the cells ahead of a question, only what changed since the last one.
 */

import type { ISessionContext } from '@jupyterlab/apputils';
import type { INotebookModel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import { CellTracker } from './cells.js';
import type { Channel } from './channel.js';
import { Fates } from './fates.js';
import { carry } from './kernels.js';
import type { CellRecord, CellsMessage } from './messages.js';
import { PROTOCOL } from './tokens.js';

/** A single websocket message over about 10 MB drops the connection. */
const MESSAGE_CHARACTERS = 1_000_000;

const ASKS = /^\s*(?:[\w., ]+=\s*)?%{1,2}gpt(?:_\w+)?\b/m;

/** Whether a cell's source has one of our magics in it. */
export function asks(source: string): boolean {
  return ASKS.test(source);
}

/** How the page reaches a kernel, and is reached by it. */
export interface Reach {
  channelOf(kernel: Kernel.IKernelConnection): Channel | null;
  /** The page's name, empty if no connection of the page to this kernel has comms. */
  pageFor(kernel: Kernel.IKernelConnection): string;
}

export class NotebookLink {
  constructor(
    readonly model: INotebookModel,
    readonly sessionContext: ISessionContext,
    private readonly reach: Reach
  ) {
    this._tracker = new CellTracker(model);
    sessionContext.connectionStatusChanged.connect((_, status) => {
      // What was on its way when the connection broke may be lost.
      if (status === 'connected') {
        this.reset();
      }
    });
  }

  readonly fates = new Fates();

  get kernel(): Kernel.IKernelConnection | null {
    return this.sessionContext.session?.kernel ?? null;
  }

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

  /** Called right before the execute request of the cell `asking`. */
  sendCells(asking: string): void {
    const { kernel } = this;
    if (!kernel) {
      return;
    }
    if (kernel.clientId !== this._client || this._isDoubtful) {
      this._isDoubtful = false;
      this._client = kernel.clientId;
      this.reset();
    }
    const channel = this.reach.channelOf(kernel);
    for (const message of this._messages(asking, this.reach.pageFor(kernel))) {
      // Only on the connection that runs the cell do messages keep their order.
      if (channel?.kernel === kernel) {
        channel.sendCells(message);
      } else {
        carry(kernel, message);
      }
    }
  }

  private _messages(asking: string, page: string): CellsMessage[] {
    const records = this._tracker.records(asking);
    const changed = records.filter(record => this._sent.get(record.id) !== record);
    const order = records.map(record => record.id);
    const isMoved = order.join() !== this._order;
    const base = this._base;
    const seq = ++this._seq;
    const common = { type: 'cells', protocol: PROTOCOL, client: this._client, page, base, seq, asking } as const;
    const parts = inParts(changed);
    this._sent = new Map(records.map(record => [record.id, record]));
    this._order = order.join();
    this._base = seq;
    return parts.map((part, index) => ({
      ...common,
      last: index === parts.length - 1,
      path: this.sessionContext.path,
      order: isMoved ? order : null,
      changed: part,
      fates: this.fates.list(this.model)
    }));
  }

  private readonly _tracker: CellTracker;
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
