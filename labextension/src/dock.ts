/** The panel at the side of the notebook, and the command that opens it. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { KernelMessage } from '@jupyterlab/services';
import { PanelLayout, Widget } from '@lumino/widgets';
import { announce } from './live.js';
import { PanelHost, type PanelData, type PanelServices } from './panel.js';
import { PANEL_MIME } from './tokens.js';

const OPEN = `get_ipython().extension_manager.load_extension("comet_magics")
get_ipython().run_line_magic("gpt_panel", "")`;

export class Docks {
  constructor(private readonly shell: JupyterFrontEnd.IShell) {}

  /** Show a panel at the side of its notebook; the one that is there already if it is the same. */
  show(services: PanelServices, data: PanelData): void {
    const { notebook } = services;
    this._docked.get(notebook)?.dispose();
    const docked = new DockedPanel(services, data);
    this._docked.set(notebook, docked);
    notebook.disposed.connect(() => docked.dispose());
    docked.disposed.connect(() => this._docked.get(notebook) === docked && this._docked.delete(notebook));
    this.shell.add(docked, 'right', { rank: 500 });
    this.shell.activateById?.(docked.id);
    docked.host.activate();
  }

  /** Open the panel of a notebook, loading comet_magics if need be; `done` is called when the kernel has. */
  async open(services: PanelServices, done: () => void): Promise<void> {
    const { notebook } = services;
    const docked = this._docked.get(notebook);
    if (docked?.host.transcript() != null) {
      this.shell.activateById?.(docked.id);
      docked.host.activate();
      return;
    }
    const kernel = notebook.sessionContext.session?.kernel;
    if (!kernel) {
      Notification.warning('This notebook has no kernel: start one, then open the panel.', { autoClose: 8_000 });
      return;
    }
    if (kernel.status === 'busy') {
      announce('The panel opens when the running cell has finished.');
    }
    const future = kernel.requestExecute({ code: OPEN, store_history: false, stop_on_error: false, allow_stdin: false });
    future.onIOPub = message => {
      const { data } = message.content as Partial<KernelMessage.IDisplayDataMsg['content']>;
      if (message.header.msg_type === 'display_data' && data && PANEL_MIME in data) {
        this.show(services, data as PanelData);
      }
    };
    // A kernel that ends meanwhile says nothing more, and JupyterLab says that it ended.
    const reply = await future.done.catch(() => null);
    done();
    if (reply?.content.status === 'error') {
      Notification.error(problem(reply.content), { autoClose: false });
    }
  }

  private readonly _docked = new Map<NotebookPanel, DockedPanel>();
}

function problem({ ename, evalue }: { ename: string; evalue: string }): string {
  return ename === 'ModuleNotFoundError' && evalue.includes('comet_magics')
    ? 'comet_magics is not installed in this notebook’s kernel: run %pip install comet_magics in a cell.'
    : `The panel could not be opened. ${evalue.split('\n', 1)[0]}`;
}

let count = 0;

class DockedPanel extends Widget {
  constructor(services: PanelServices, data: PanelData) {
    super();
    const { notebook } = services;
    this.id = `comet-panel-${++count}`;
    this.addClass('comet-docked');
    this.title.iconClass = 'comet-panel-icon';
    this.title.caption = `Ask gpt: ${notebook.title.label}`;
    this.title.closable = true;
    this.host = new PanelHost(services, { label: 'Close', press: () => this.dispose() });
    const layout = new PanelLayout();
    layout.addWidget(this.host);
    this.layout = layout;
    const { rendermime } = notebook.content;
    void this.host.renderModel(rendermime.createModel({ data, trusted: false }));
  }

  readonly host: PanelHost;

  protected override onActivateRequest(): void {
    this.host.activate();
  }
}
