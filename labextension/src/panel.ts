/**
 * The panel, where JupyterLab shows it: in a cell's output, or at the side.
 *
 * Promise: while the kernel has the widget, the reader has the live panel, and it stays the same one whatever becomes of
 * the output's data. Otherwise the conversation is there as text, and never a "Loading widget…". What the panel says to the
 * kernel goes by the page's own comm, so that it arrives while a cell computes.
 */

import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IRenderMime } from '@jupyterlab/rendermime';
import type { Kernel } from '@jupyterlab/services';
import { PanelLayout, Widget } from '@lumino/widgets';
import { button, element } from './dom.js';
import { PANEL_MIME, WIDGET_MIME, type NewCell } from './tokens.js';

/** What a panel needs of the page, for one notebook. */
export interface PanelServices {
  readonly notebook: NotebookPanel;
  /** Say something to the kernel; false if there is no channel of ours to it. `at` is the cell where the user is. */
  send(panel: string, content: Record<string, unknown>, at: string): boolean;
  /** Put buttons on a finished answer's code, and typeset its formulas. */
  dress(node: HTMLElement, metadata: Record<string, unknown>, at: () => string): void;
  insert(cells: readonly NewCell[], at: string): void;
  /** Open a panel at the side: this one, or a new one. */
  dock(data: PanelData): void;
  reopen(): void;
}

/** An output's data that shows a panel. */
export type PanelData = IRenderMime.IMimeModel['data'];

interface PanelId {
  readonly model_id: string;
  readonly panel: string;
}

/** Hosts that are there now: their conversations are written into the notebook when it is saved. */
const hosts = new Set<PanelHost>();

export class PanelHost extends Widget implements IRenderMime.IRenderer {
  constructor(
    private readonly services: PanelServices,
    /** What the panel's Dock button is called here, and what it does. */
    dock: { label: string; press: (data: PanelData) => void }
  ) {
    super();
    this.layout = new PanelLayout();
    this.addClass('comet-panel-host');
    this.node.dataset['cometDock'] = dock.label;
    this._on('send', (detail: { panel: string; content: Record<string, unknown> }, node) => {
      this._meet(node);
      return services.send(detail.panel, detail.content, this._place());
    });
    this._on('answer', (detail: { metadata: Record<string, unknown> }, node) => {
      services.dress(node, detail.metadata, () => this._place());
      return true;
    });
    this._on('insert', (detail: { cells: NewCell[] }) => {
      services.insert(detail.cells, this._place());
      return true;
    });
    this._on('dock', () => {
      dock.press(this._model?.data ?? {});
      return true;
    });
    this.node.addEventListener('mousedown', () => this._notePlace(), { capture: true });
    this.node.addEventListener('focusin', () => this._notePlace());
    const { sessionContext } = services.notebook;
    sessionContext.statusChanged.connect(this._statusChanged, this);
    sessionContext.kernelChanged.connect(this._statusChanged, this);
    this._kernelId = sessionContext.session?.kernel?.id ?? '';
    hosts.add(this);
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this._model = model;
    const { model_id: id } = model.data[PANEL_MIME] as unknown as PanelId;
    if (WIDGET_MIME in model.data) {
      // Else a notebook that is opened without us would show "Loading widget…".
      const { [WIDGET_MIME]: _, ...data } = model.data;
      void Promise.resolve().then(() => this.isDisposed || model.setData({ data }));
    }
    if (this._live && id === this._id) {
      return;
    }
    this._id = id;
    this._end();
    await this._showText(this._html, model.trusted);
    if (!this._begin()) {
      void this._inquire();
    }
  }

  /** The conversation as it stands; null where there is no live panel to tell it. */
  transcript(): string | null {
    if (!this._root) {
      return null;
    }
    const detail = { html: this._html };
    this._root.dispatchEvent(new CustomEvent('comet-magics:transcript', { detail }));
    return detail.html;
  }

  /** Put the conversation as it stands into the output's data. */
  keep(): void {
    const html = this.transcript();
    if (html !== null && this._model && html !== this._html) {
      this._model.setData({ data: { ...this._model.data, 'text/html': html } });
    }
  }

  isIn(notebook: NotebookPanel): boolean {
    return this.services.notebook === notebook;
  }

  /** Whether an answer is coming in it. */
  get isAnswering(): boolean {
    return this._root?.querySelector('.comet-turn[data-state="running"]') != null;
  }

  protected override onActivateRequest(): void {
    const field = this._root?.querySelector('textarea');
    if (field) {
      field.focus();
    } else {
      this._isWanted = true;
    }
  }

  override dispose(): void {
    hosts.delete(this);
    this.services.notebook.sessionContext?.statusChanged.disconnect(this._statusChanged, this);
    this.services.notebook.sessionContext?.kernelChanged.disconnect(this._statusChanged, this);
    super.dispose();
  }

  private get _html(): string {
    const html = this._model?.data['text/html'];
    return Array.isArray(html) ? html.join('') : String(html ?? '');
  }

  private get _kernel(): Kernel.IKernelConnection | null {
    return this.services.notebook.sessionContext?.session?.kernel ?? null;
  }

  private _on<T>(name: string, take: (detail: T, node: HTMLElement) => boolean): void {
    this.node.addEventListener(`comet-magics:${name}`, event => {
      event.stopPropagation();
      if (take((event as CustomEvent<T>).detail, event.target as HTMLElement)) {
        event.preventDefault();
      }
    });
  }

  /** The cell that the user is at. Going into a panel selects its own cell: then it is the one that was left. */
  private _place(): string {
    const cell = this.services.notebook.content.activeCell;
    return (cell?.node.contains(this.node) && this._left) || (cell?.model.id ?? '');
  }

  private _notePlace(): void {
    const cell = this.services.notebook.content.activeCell;
    if (cell && !cell.node.contains(this.node)) {
      this._left = cell.model.id;
    }
  }

  /** The live panel spoke: so it is there. */
  private _meet(root: HTMLElement): void {
    if (this._root !== root) {
      this._root = root;
      this._text?.dispose();
      this._text = null;
      if (this._isWanted) {
        this._isWanted = false;
        requestAnimationFrame(() => this.activate());
      }
    }
  }

  /** Show the live panel if the kernel has it; false if not. */
  private _begin(): boolean {
    if (this.isDisposed || this._live || !this._kernel?.hasComm(this._id)) {
      return this._live !== null;
    }
    const { rendermime } = this.services.notebook.content;
    const data = { [WIDGET_MIME]: { version_major: 2, version_minor: 0, model_id: this._id }, 'text/plain': '' };
    this._live = rendermime.createRenderer(WIDGET_MIME);
    (this.layout as PanelLayout).addWidget(this._live);
    void this._live.renderModel(rendermime.createModel({ data, trusted: true }));
    return true;
  }

  /** After a reload the page does not know yet which widgets the kernel has: ask each kernel once. */
  private async _inquire(): Promise<void> {
    const kernel = this._kernel;
    if (!kernel || !this._id || this._inquired === kernel.id) {
      return;
    }
    this._inquired = kernel.id;
    for (let attempt = 0; attempt < MOST_INQUIRIES && !this.isDisposed && !this._live; attempt++) {
      const { content } = await kernel.requestCommInfo({ target_name: 'jupyter.widget' });
      if (content.status !== 'ok' || !(this._id in content.comms) || this._begin()) {
        return;
      }
      await new Promise(resolve => setTimeout(resolve, 250));
    }
  }

  private _statusChanged(): void {
    const isOther = this._kernel?.id !== this._kernelId;
    const isGone = !this._kernel || GONE.has(this._kernel.status) || (isOther && this._live !== null);
    if (this._live && isGone) {
      const html = this.transcript() ?? this._html;
      this._end();
      void this._showText(html, false, true);
    } else if (!this._live && !isGone) {
      void this._inquire();
    }
    this._kernelId = this._kernel?.id ?? '';
  }

  private _end(): void {
    this._live?.dispose();
    this._live = null;
    this._root = null;
  }

  private async _showText(html: string, trusted: boolean, isLost = false): Promise<void> {
    const { rendermime } = this.services.notebook.content;
    const text = rendermime.createRenderer('text/html');
    await text.renderModel(rendermime.createModel({ data: { 'text/html': html }, trusted }));
    this._text?.dispose();
    this._text = text;
    if (this._root || this.isDisposed) {
      text.dispose();
      return;
    }
    if (isLost) {
      const again = button('Open a new panel', 'Run %gpt_panel', () => this.services.reopen());
      text.node.append(element('p', 'comet-lost', 'The kernel was restarted or ended. %gpt_panel opens a new panel. ', again));
    }
    (this.layout as PanelLayout).insertWidget(0, text);
  }

  private _model: IRenderMime.IMimeModel | null = null;
  private _id = '';
  private _kernelId = '';
  private _live: IRenderMime.IRenderer | null = null;
  private _text: IRenderMime.IRenderer | null = null;
  private _root: HTMLElement | null = null;
  private _isWanted = false;
  private _inquired = '';
  private _left = '';
}

/** The widgets' own code may take a while to get them from the kernel. */
const MOST_INQUIRIES = 40;
const GONE = new Set<Kernel.Status>(['restarting', 'autorestarting', 'terminating', 'dead']);

export function hostsIn(notebook: NotebookPanel): PanelHost[] {
  return [...hosts].filter(host => host.isIn(notebook));
}

/** Show panels in this notebook's outputs, and write their conversations into it when it is saved. */
export function showPanels(services: PanelServices): void {
  const { notebook } = services;
  notebook.content.rendermime.addFactory(
    {
      safe: true,
      mimeTypes: [PANEL_MIME],
      createRenderer: () => new PanelHost(services, { label: 'Dock', press: data => services.dock(data) })
    },
    BEFORE_WIDGETS
  );
  notebook.context.saveState.connect((_, state) => {
    if (state === 'started') {
      hostsIn(notebook).forEach(host => host.keep());
    }
  });
}

/** ipywidgets' own renderer has the rank -10. */
const BEFORE_WIDGETS = -20;
