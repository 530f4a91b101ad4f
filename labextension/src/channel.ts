/**
 * One page's channel to one kernel: two comms, both opened from here once the kernel has comet_magics loaded.
 *
 * Cells go on a comm that stays on the main shell, so that what is sent before an execute request arrives before it.
 * Replies go on one of their own over a subshell, where there are subshells, so that they arrive while a cell runs; the
 * kernel never sends on that one, because ipykernel 7.4 would move it to the main shell for good.
 */

import type { Kernel } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import { parseFromKernel } from './messages.js';
import type { CellsMessage, FromKernel, HelloFromPage, SetMessage, ToReplies } from './messages.js';
import { CELLS_TARGET, PRESENCE_TARGET, REPLIES_TARGET } from './tokens.js';

/** How long to wait for a subshell before the main shell must do. */
const SUBSHELL_MILLISECONDS = 3_000;

export interface ChannelEvents {
  received(message: FromKernel): void;
  /** The kernel closed it. */
  closed(): void;
}

export class Channel {
  constructor(
    readonly kernel: Kernel.IKernelConnection,
    hello: HelloFromPage,
    events: ChannelEvents
  ) {
    this._cells = kernel.createComm(CELLS_TARGET);
    // Where JupyterLab has no such property there are no subshells either.
    (this._cells as { commsOverSubshells?: string }).commsOverSubshells = 'disabled';
    this._cells.onMsg = message => this._receive(message.content.data, events);
    this._cells.onClose = () => {
      this._replies.dispose();
      events.closed();
    };
    this._cells.open({ ...hello });
    this._replies = kernel.createComm(REPLIES_TARGET);
    this._opened = this._openReplies({ ...hello });
  }

  /** Whether comet_magics is loaded in this kernel; says nothing to a kernel that has never heard of it. */
  static async isWanted(kernel: Kernel.IKernelConnection): Promise<boolean> {
    if (!kernel.handleComms || (await kernel.info).language_info.name !== 'python') {
      return false;
    }
    const { content } = await kernel.requestCommInfo({ target_name: PRESENCE_TARGET });
    return content.status === 'ok' && Object.keys(content.comms).length > 0;
  }

  /** False after a restart, or when the kernel closed it. */
  get isOpen(): boolean {
    return !this._cells.isDisposed && !this.kernel.isDisposed;
  }

  sendCells(message: CellsMessage): void {
    this._cells.send(message as unknown as JSONObject);
  }

  /** Say something that arrives while a cell runs, where the kernel has subshells. */
  async reply(message: ToReplies): Promise<void> {
    await this._opened;
    if (!this._replies.isDisposed) {
      this._replies.send(message as unknown as JSONObject);
    }
  }

  private async _openReplies(hello: JSONObject): Promise<void> {
    await this.kernel.info;
    if (this.kernel.supportsSubshells) {
      const limit = new Promise<void>(resolve => setTimeout(resolve, SUBSHELL_MILLISECONDS));
      const { subshellStarted } = this._replies as { subshellStarted?: Promise<void> };
      await Promise.race([subshellStarted, limit]);
    }
    if (!this._replies.isDisposed) {
      this._replies.open(hello);
    }
  }

  private _receive(data: unknown, events: ChannelEvents): void {
    const message = parseFromKernel(data);
    if (message) {
      events.received(message);
    } else if (!this._complained) {
      this._complained = true;
      console.warn('comet_magics: a message from the kernel was not understood and is ignored', data);
    }
  }

  private readonly _cells: Kernel.IComm;
  private readonly _replies: Kernel.IComm;
  private readonly _opened: Promise<void>;
  private _complained = false;
}

/**
 * Python that hands a message over before there is a channel. The first question after a restart may be queued behind
 * `%load_ext`: a comm opened now would be refused, but an execute request waits its turn. Without comet_magics it does
 * nothing.
 */
export function carrier(message: CellsMessage | SetMessage): string {
  const literal = JSON.stringify(JSON.stringify(message));
  return `(lambda m: m and m.deliver(${literal}))(__import__("sys").modules.get("comet_magics.notebook.comm"))`;
}
