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
import type { CellRecord } from './messages.js';
import { CellStream, type Cells } from './stream.js';

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
    this._stream.reset();
    this._panels.reset();
  }

  /** There is a new channel, and the kernel has not yet said which messages it had. */
  doubt(): void {
    this._stream.doubt();
    this._panels.reset();
  }

  /** The kernel said which was the last message that it has. */
  confirm(seq: number): void {
    this._stream.confirm(seq);
  }

  /** Called right before the execute request of the cell `asking`. */
  sendCells(asking: string): void {
    const { kernel } = this;
    if (!kernel) {
      return;
    }
    const channel = this.reach.channelOf(kernel);
    const records = this._tracker.records(asking);
    const cells = { ...this._common(kernel), client: kernel.clientId, asking, records };
    for (const message of this._stream.messages(cells)) {
      // Only on the connection that runs the cell do messages keep their order.
      if (channel?.kernel === kernel) {
        channel.sendCells(message);
      } else {
        carry(kernel, message);
      }
    }
  }

  /**
   * Say what the panel `panel` says, after the cells if it is a question; false if there is no channel. The panel stands
   * for a cell below `active`, where the user is.
   */
  sendPanel(panel: string, content: Record<string, unknown>, active: string): boolean {
    const { kernel } = this;
    const channel = kernel && this.reach.channelOf(kernel);
    if (!channel) {
      return false;
    }
    if (QUESTIONS.has(String(content['type']))) {
      const asking = `panel:${panel}`;
      const records = this._tracker.records(active);
      records.splice(records.findIndex(record => record.id === active) + 1 || records.length, 0, this._standIn(asking));
      const cells = { ...this._common(kernel), client: `${kernel.clientId}:panel`, asking, records };
      this._panels.messages(cells).forEach(message => void channel.reply(message));
    }
    void channel.reply({ type: 'panel', panel, content });
    return true;
  }

  private _common(kernel: Kernel.IKernelConnection): Pick<Cells, 'page' | 'path' | 'fates'> {
    return { page: this.reach.pageFor(kernel), path: this.sessionContext.path, fates: this.fates.list(this.model) };
  }

  /** A cell that is not there; always the same one, so that it is sent once. */
  private _standIn(id: string): CellRecord {
    const made = { id, kind: 'code', source: '', count: null, edited: null, generated: '', outputs: [] } as const;
    const record = this._standIns.get(id) ?? { ...made, outputs: [] };
    this._standIns.set(id, record);
    return record;
  }

  private readonly _tracker: CellTracker;
  private readonly _stream = new CellStream();
  private readonly _panels = new CellStream();
  private readonly _standIns = new Map<string, CellRecord>();
}

/** What a panel says that needs the notebook's cells. */
const QUESTIONS = new Set(['ask', 'retry', 'estimate']);
