/**
 * The kernels that this page's notebooks run on: one channel to each, and what each said of itself.
 *
 * Only one connection of a page to a kernel has comms, so that notebooks on one kernel share a channel. If the notebook
 * that holds it is closed the others go on without: cells still go out, with execute requests, and what the kernel can do
 * stays known.
 */

import type { Kernel } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';
import { carrier, Channel } from './channel.js';
import type { FromKernel, HelloFromKernel, SetMessage, StatusMessage } from './messages.js';
import { PROTOCOL } from './tokens.js';

export interface KernelState {
  readonly channel: Channel;
  hello: HelloFromKernel | null;
  status: StatusMessage | null;
}

export interface KernelEvents {
  /** There is a new channel. */
  met(kernel: Kernel.IKernelConnection): void;
  /** A message came; the state has taken note of it. */
  said(kernel: Kernel.IKernelConnection, message: FromKernel): void;
  /** What was known is no longer true. */
  forgot(kernelId: string): void;
}

export class Kernels {
  constructor(
    private readonly version: string,
    private readonly events: KernelEvents
  ) {}

  /** Names this page to kernels. */
  readonly pageId = UUID.uuid4();

  stateOf(kernel: Kernel.IKernelConnection | null | undefined): KernelState | null {
    return (kernel && this._states.get(kernel.id)) ?? null;
  }

  /** The open channel to a kernel that speaks our version. */
  channelOf(kernel: Kernel.IKernelConnection): Channel | null {
    const state = this.stateOf(kernel);
    return state?.channel.isOpen && (state.hello?.protocol ?? PROTOCOL) === PROTOCOL ? state.channel : null;
  }

  /** Open a channel if the kernel has comet_magics and there is none yet. */
  async meet(kernel: Kernel.IKernelConnection): Promise<void> {
    this._met.add(kernel);
    const isDone = (): boolean => this.stateOf(kernel)?.channel.isOpen ?? false;
    try {
      if (isDone() || !(await Channel.isWanted(kernel)) || isDone()) {
        return;
      }
    } catch {
      // The kernel went away before it answered: there is nobody to talk to.
      return;
    }
    const hello = { type: 'hello', protocol: PROTOCOL, page: this.pageId, extension: this.version } as const;
    const channel = new Channel(kernel, hello, {
      received: message => this._receive(kernel, message),
      closed: () => this.forget(kernel)
    });
    this._states.set(kernel.id, { channel, hello: null, status: null });
    this.events.met(kernel);
  }

  /** Whether the kernel was asked since it started. */
  isMet(kernel: Kernel.IKernelConnection): boolean {
    return this._met.has(kernel);
  }

  /** The kernel restarts, or comet_magics was unloaded. */
  forget(kernel: Kernel.IKernelConnection): void {
    this._met.delete(kernel);
    this._states.delete(kernel.id);
    this.events.forgot(kernel.id);
  }

  /** Choose a setting, also while a cell runs where the kernel has subshells. */
  async set(kernel: Kernel.IKernelConnection, name: SetMessage['name'], value: string): Promise<void> {
    const message: SetMessage = { type: 'set', name, value };
    const state = this.stateOf(kernel);
    if (state?.channel.isOpen) {
      await state.channel.reply(message);
    } else {
      carry(kernel, message);
    }
    if (state?.status) {
      state.status = { ...state.status, [name]: value };
    }
  }

  private _receive(kernel: Kernel.IKernelConnection, message: FromKernel): void {
    const state = this.stateOf(kernel);
    if (state && message.type === 'hello') {
      state.hello = message;
    } else if (state && message.type === 'status') {
      state.status = message;
    }
    this.events.said(kernel, message);
  }

  private readonly _states = new Map<string, KernelState>();
  private readonly _met = new WeakSet<Kernel.IKernelConnection>();
}

/** Hand a message over in an execute request: it waits its turn and leaves no trace. */
export function carry(kernel: Kernel.IKernelConnection, message: Parameters<typeof carrier>[0]): void {
  const quiet = { silent: true, store_history: false, stop_on_error: false, allow_stdin: false };
  kernel.requestExecute({ code: carrier(message), ...quiet }, true);
}
