/**
 * Everything of ours on one page: the open notebooks, the channels to their kernels, and what the kernels said.
 */

import { Notification } from '@jupyterlab/apputils';
import type { Cell, CodeCell } from '@jupyterlab/cells';
import { NotebookActions, type INotebookTracker, type Notebook, type NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import { ask, blockActions } from './actions.js';
import { insertCells } from './cells.js';
import { Channel } from './channel.js';
import { Decorator } from './decorate.js';
import { asks, NotebookLink } from './link.js';
import { announce } from './live.js';
import type { FromKernel, HelloFromKernel, InsertMessage, StatusMessage } from './messages.js';
import { PROTOCOL } from './tokens.js';

interface KernelState {
  readonly channel: Channel;
  hello: HelloFromKernel | null;
  status: StatusMessage | null;
}

export class Page {
  constructor(
    private readonly tracker: INotebookTracker,
    private readonly version: string
  ) {
    tracker.forEach(panel => this._open(panel));
    tracker.widgetAdded.connect((_, panel) => this._open(panel));
    NotebookActions.executionScheduled.connect((_, { notebook, cell }) => this._scheduled(notebook, cell));
    NotebookActions.executed.connect((_, { notebook, cell, success }) => this._executed(notebook, cell, success));
  }

  /** Something that the status item or a command shows has changed. */
  readonly changed = new Signal<this, void>(this);

  linkOf(panel: NotebookPanel): NotebookLink | null {
    return this._links.get(panel.context.model) ?? null;
  }

  /** What the kernel of a notebook said of itself, null while there is no channel to it. */
  stateOf(panel: NotebookPanel | null): KernelState | null {
    const kernel = panel?.sessionContext.session?.kernel;
    const state = kernel ? this._kernels.get(kernel.id) : undefined;
    return state?.channel.isOpen ? state : null;
  }

  /** Whether the kernel behind a notebook has the magic. */
  has(panel: NotebookPanel | null, magic: string): boolean {
    return this.stateOf(panel)?.hello?.magics.includes(magic) ?? false;
  }

  isAsking(panel: NotebookPanel | null): boolean {
    return panel !== null && (this._asking.get(panel.content)?.size ?? 0) > 0;
  }

  private _open(panel: NotebookPanel): void {
    void panel.context.ready.then(() => {
      const { model, sessionContext } = panel.context;
      if (panel.isDisposed) {
        return;
      }
      if (!this._links.has(model)) {
        const channelOf = (kernel: Kernel.IKernelConnection): Channel | null => this._channelOf(kernel);
        this._links.set(model, new NotebookLink(model, sessionContext, channelOf));
        sessionContext.kernelChanged.connect((_, { newValue }) => newValue && this._meet(newValue));
        sessionContext.statusChanged.connect((_, status) => {
          // A restarted kernel has to be asked again; one that is idle has loaded what it loads by itself.
          const { kernel } = sessionContext.session ?? {};
          if (status === 'idle' && kernel && !this._met.has(kernel)) {
            this._meet(kernel);
          } else if (kernel && (status === 'restarting' || status === 'autorestarting')) {
            this._forget(kernel);
          }
        });
      }
      const link = this._links.get(model)!;
      const decorator = new Decorator(panel, {
        blocks: cell => blockActions(panel, cell, link.fates),
        fix: cell => (this.has(panel, 'gpt_fix') ? () => this.fix(panel, cell) : null)
      });
      const redraw = (): void => decorator.refresh();
      this._greeted.connect(redraw);
      panel.disposed.connect(() => this._greeted.disconnect(redraw));
      const { kernel } = sessionContext.session ?? {};
      if (kernel) {
        this._meet(kernel);
      }
    });
  }

  fix(panel: NotebookPanel, cell: Cell): void {
    ask(panel, cell, '%gpt_fix');
  }

  private _channelOf(kernel: Kernel.IKernelConnection): Channel | null {
    const state = this._kernels.get(kernel.id);
    return state?.channel.isOpen && (state.hello?.protocol ?? PROTOCOL) === PROTOCOL ? state.channel : null;
  }

  private _forget(kernel: Kernel.IKernelConnection): void {
    this._met.delete(kernel);
    this._kernels.delete(kernel.id);
    this._links.forEach(link => link.kernel === kernel && link.reset());
    this.changed.emit();
    this._greeted.emit();
  }

  /** Open a channel if the kernel has comet_magics and there is none yet. */
  private _meet(kernel: Kernel.IKernelConnection): void {
    this._met.add(kernel);
    if (this._kernels.get(kernel.id)?.channel.isOpen) {
      return;
    }
    Channel.isWanted(kernel)
      .then(wanted => {
        if (wanted && !this._kernels.get(kernel.id)?.channel.isOpen) {
          const channel = new Channel(kernel, this.version, message => this._receive(kernel, message));
          this._kernels.set(kernel.id, { channel, hello: null, status: null });
          this._links.forEach(link => link.kernel?.id === kernel.id && link.doubt());
        }
      })
      // The kernel went away before it answered: there is nobody to talk to.
      .catch(() => undefined);
  }

  private _receive(kernel: Kernel.IKernelConnection, message: FromKernel): void {
    const state = this._kernels.get(kernel.id);
    if (!state) {
      return;
    }
    switch (message.type) {
      case 'hello':
        state.hello = message;
        this._links.forEach(link => link.kernel?.id === kernel.id && link.confirm(message.seen[link.kernel.clientId] ?? 0));
        this._compareVersions(message);
        this._greeted.emit();
        break;
      case 'status':
        state.status = message;
        break;
      case 'insert':
        this._insert(message);
        break;
      case 'resync':
        this._links.forEach(link => link.kernel?.clientId === message.client && link.reset());
        break;
    }
    this.changed.emit();
  }

  private _compareVersions(hello: HelloFromKernel): void {
    if (hello.protocol !== PROTOCOL) {
      const older = hello.protocol < PROTOCOL ? 'comet_magics in the kernel' : 'the extension in JupyterLab';
      Notification.warning(
        `comet_magics ${hello.package} in the kernel and ${this.version} in JupyterLab do not understand each other: ` +
          `update ${older}. Questions work, without the live cells.`
      );
    }
  }

  private _insert({ client, asking, cells }: InsertMessage): void {
    for (const link of this._links.values()) {
      if (link.kernel?.clientId === client && !link.model.readOnly) {
        insertCells(link.model, asking, cells);
        cells.forEach(({ block }) => link.fates.landed(block));
        announce(cells.length === 1 ? 'Inserted one cell.' : `Inserted ${cells.length} cells.`);
      }
    }
  }

  private _panelOf(notebook: Notebook): NotebookPanel | undefined {
    return this.tracker.find(panel => panel.content === notebook);
  }

  private _scheduled(notebook: Notebook, cell: Cell): void {
    const panel = this._panelOf(notebook);
    if (!panel || cell.model.type !== 'code' || !asks(cell.model.sharedModel.getSource())) {
      return;
    }
    this.linkOf(panel)?.sendCells(cell.model.id);
    const asking = this._asking.get(notebook) ?? new Set();
    this._asking.set(notebook, asking.add(cell));
    announce('The question was sent.');
    this.changed.emit();
  }

  private _executed(notebook: Notebook, cell: Cell, success: boolean): void {
    const panel = this._panelOf(notebook);
    if (this._asking.get(notebook)?.delete(cell)) {
      announce(success ? 'The answer is complete.' : `The answer failed. ${failureOf(cell)}`);
      this.changed.emit();
    }
    const { kernel } = panel?.sessionContext.session ?? {};
    // This cell may have loaded comet_magics, by whatever way.
    if (kernel && cell.model.type === 'code' && !this._channelOf(kernel)) {
      this._meet(kernel);
    }
  }

  private readonly _links = new Map<unknown, NotebookLink>();
  private readonly _kernels = new Map<string, KernelState>();
  private readonly _met = new WeakSet<Kernel.IKernelConnection>();
  private readonly _asking = new WeakMap<Notebook, Set<Cell>>();
  private readonly _greeted = new Signal<this, void>(this);
}

function failureOf(cell: Cell): string {
  const outputs = (cell as CodeCell).model.outputs.toJSON();
  const error = outputs.find(output => output.output_type === 'error');
  return error ? String(error['evalue']).split('\n', 1)[0]! : '';
}
