/**
 * Everything of ours on one page: the open notebooks, each linked to its kernel, and which of their cells ask.
 */

import { Notification } from '@jupyterlab/apputils';
import type { Cell, CodeCell } from '@jupyterlab/cells';
import { NotebookActions, type INotebookTracker, type Notebook, type NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import { ask, blockActions, insertBelow } from './actions.js';
import { blocksIn, dress } from './answers.js';
import { BackgroundAnswers, markLost } from './background.js';
import { insertCells } from './cells.js';
import { Decorator } from './decorate.js';
import type { Docks } from './dock.js';
import { Kernels, type KernelEvents, type KernelState } from './kernels.js';
import { asks, NotebookLink, type Reach } from './link.js';
import { announce } from './live.js';
import type { FromKernel, HelloFromKernel, InsertMessage, SetMessage, StatusMessage } from './messages.js';
import { hostsIn, showPanels, type PanelServices } from './panel.js';
import { PROTOCOL } from './tokens.js';

export class Page implements KernelEvents, Reach {
  constructor(
    private readonly tracker: INotebookTracker,
    private readonly docks: Docks,
    private readonly version: string
  ) {
    this._kernels = new Kernels(version, this);
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

  /** What the kernel of a notebook said of itself, null while it said nothing. */
  stateOf(panel: NotebookPanel | null): KernelState | null {
    return this._kernels.stateOf(panel?.sessionContext.session?.kernel);
  }

  /** What the status item shows; null where the kernel can't tell of changes. */
  statusOf(panel: NotebookPanel | null): StatusMessage | null {
    const state = this.stateOf(panel);
    return state?.channel.isOpen ? state.status : null;
  }

  async set(panel: NotebookPanel, name: SetMessage['name'], value: string): Promise<void> {
    const kernel = panel.sessionContext.session?.kernel;
    if (kernel) {
      await this._kernels.set(kernel, name, value);
      this.changed.emit();
    }
  }

  /** Whether the kernel behind a notebook has the magic. */
  has(panel: NotebookPanel | null, magic: string): boolean {
    return this.stateOf(panel)?.hello?.magics.includes(magic) ?? false;
  }

  isAsking(panel: NotebookPanel | null): boolean {
    return panel !== null && (this._asking.get(panel.content)?.size ?? 0) > 0;
  }

  /** Whether an answer is coming in the background or in a panel. */
  isAnswering(panel: NotebookPanel): boolean {
    return this._background.isAny(panel.content) || hostsIn(panel).some(host => host.isAnswering);
  }

  /** Stop the cell that asks; if none does, all that comes in the background and in panels. */
  stop(panel: NotebookPanel): void {
    if (this.isAsking(panel)) {
      void panel.sessionContext.session?.kernel?.interrupt();
    } else {
      this._stopAnswer(panel, '');
    }
  }

  async openPanel(panel: NotebookPanel): Promise<void> {
    await this.docks.open(this._servicesOf(panel), () => {
      const { kernel } = panel.sessionContext.session ?? {};
      if (kernel && !this.channelOf(kernel)) {
        void this._kernels.meet(kernel);
      }
    });
  }

  private _servicesOf(notebook: NotebookPanel): PanelServices {
    const services: PanelServices = {
      notebook,
      send: (panel, content, at) => this.linkOf(notebook)?.sendPanel(panel, content, at) ?? false,
      dress: (node, metadata, at) => {
        const fates = this.linkOf(notebook)?.fates;
        if (fates) {
          dress(() => blocksIn(node, metadata, ''), blockActions(notebook, at, fates));
        }
        notebook.content.rendermime.latexTypesetter?.typeset(node);
      },
      insert: (cells, at) => {
        const fates = this.linkOf(notebook)?.fates;
        if (fates) {
          insertBelow(notebook, at, cells, fates);
        }
      },
      dock: data => this.docks.show(services, data),
      reopen: () => void this.openPanel(notebook)
    };
    return services;
  }

  private _stopAnswer(panel: NotebookPanel, answer: string): void {
    const { kernel } = panel.sessionContext.session ?? {};
    void (kernel && this.channelOf(kernel)?.reply({ type: 'stop', answer }));
  }

  private _open(panel: NotebookPanel): void {
    // Before the first output is drawn.
    showPanels(this._servicesOf(panel));
    void panel.context.ready.then(() => {
      const { model, sessionContext } = panel.context;
      if (panel.isDisposed) {
        return;
      }
      if (!this._links.has(model)) {
        this._links.set(model, new NotebookLink(model, sessionContext, this));
        panel.context.disposed.connect(() => this._links.delete(model));
        sessionContext.kernelChanged.connect((_, { oldValue, newValue }) => {
          if (oldValue && oldValue.id !== newValue?.id) {
            markLost(model);
          }
          if (newValue) {
            void this._kernels.meet(newValue);
          }
        });
        sessionContext.statusChanged.connect((_, status) => {
          // A restarted kernel has to be asked again; one that is idle has loaded what it loads by itself.
          const { kernel } = sessionContext.session ?? {};
          if (status === 'idle' && kernel && !this._kernels.isMet(kernel)) {
            void this._kernels.meet(kernel);
          } else if (kernel && (status === 'restarting' || status === 'autorestarting')) {
            this._kernels.forget(kernel);
          }
          if (ENDED.has(status)) {
            markLost(model);
          }
        });
      }
      const link = this._links.get(model)!;
      const decorator = new Decorator(panel, {
        blocks: cell => blockActions(panel, () => cell.model.id, link.fates),
        draw: cell => this._background.draw(cell, answer => this._stopAnswer(panel, answer)),
        fix: cell => (this.has(panel, 'gpt_fix') ? () => this.fix(panel, cell) : null)
      });
      const redraw = (): void => decorator.refresh();
      this._greeted.connect(redraw);
      panel.disposed.connect(() => this._greeted.disconnect(redraw));
      const { kernel } = sessionContext.session ?? {};
      if (kernel) {
        void this._kernels.meet(kernel);
      }
    });
  }

  fix(panel: NotebookPanel, cell: Cell): void {
    ask(panel, cell, '%gpt_fix');
  }

  channelOf(kernel: Kernel.IKernelConnection): ReturnType<Reach['channelOf']> {
    return this._kernels.channelOf(kernel);
  }

  pageFor(kernel: Kernel.IKernelConnection): string {
    const hasComms = this._linksTo(kernel.id).some(link => link.kernel!.handleComms);
    return hasComms ? this._kernels.pageId : '';
  }

  met(kernel: Kernel.IKernelConnection): void {
    this._linksTo(kernel.id).forEach(link => link.doubt());
  }

  forgot(kernelId: string): void {
    this._linksTo(kernelId).forEach(link => link.reset());
    this.changed.emit();
    this._greeted.emit();
  }

  said(kernel: Kernel.IKernelConnection, message: FromKernel): void {
    switch (message.type) {
      case 'hello':
        this._linksTo(kernel.id).forEach(link => link.confirm(message.seen[link.kernel!.clientId] ?? 0));
        this._compareVersions(message);
        this._greeted.emit();
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
    if (hello.protocol !== PROTOCOL && !this._complained) {
      this._complained = true;
      const older = hello.protocol < PROTOCOL ? 'comet_magics in the kernel' : 'the extension in JupyterLab';
      Notification.warning(
        `comet_magics ${hello.package} in the kernel and ${this.version} in JupyterLab do not understand each other: ` +
          `update ${older}. Questions work, without the live cells.`,
        // Without this it is only counted in the status bar.
        { autoClose: false }
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

  private _linksTo(kernelId: string): NotebookLink[] {
    return [...this._links.values()].filter(link => link.kernel?.id === kernelId);
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
    if (kernel && cell.model.type === 'code' && !this.channelOf(kernel)) {
      void this._kernels.meet(kernel);
    }
  }

  private _complained = false;
  private readonly _links = new Map<unknown, NotebookLink>();
  private readonly _kernels: Kernels;
  private readonly _asking = new WeakMap<Notebook, Set<Cell>>();
  private readonly _background = new BackgroundAnswers();
  private readonly _greeted = new Signal<this, void>(this);
}

const ENDED = new Set<Kernel.Status>(['restarting', 'autorestarting', 'terminating', 'dead']);

function failureOf(cell: Cell): string {
  const outputs = (cell as CodeCell).model.outputs.toJSON();
  const error = outputs.find(output => output.output_type === 'error');
  return error ? String(error['evalue']).split('\n', 1)[0]! : '';
}
