/** The dialog that replaces a cell: which one, both versions side by side, accept or reject. */

import { Dialog } from '@jupyterlab/apputils';
import type { INotebookModel } from '@jupyterlab/notebook';
import { Widget } from '@lumino/widgets';
import { findCell } from './cells.js';
import { diffTable, sideBySide } from './diff.js';
import { element } from './dom.js';

class Comparison extends Widget implements Dialog.IBodyWidget<string> {
  constructor(
    private readonly model: INotebookModel,
    private readonly source: string,
    target: string
  ) {
    super();
    this.addClass('comet-replace');
    const cells = Array.from(model.cells).filter(cell => cell.type === 'code');
    for (const [index, cell] of Array.from(model.cells).entries()) {
      if (cells.includes(cell)) {
        const line = cell.sharedModel.getSource().split('\n', 1)[0]!.slice(0, 70);
        const option = element('option', '', `${index + 1}: ${line || '(empty)'}`);
        option.value = cell.id;
        this._choice.append(option);
      }
    }
    this._choice.value = target;
    this._choice.addEventListener('change', () => this._compare());
    // Somebody may be editing the cell meanwhile: what is accepted is what was shown.
    model.contentChanged.connect(this._compare, this);
    this._table.tabIndex = 0;
    this._table.setAttribute('role', 'region');
    this._table.setAttribute('aria-label', 'The cell now, and after it is replaced');
    this.node.append(element('label', '', 'Replace the cell ', this._choice), this._table);
    this._compare();
  }

  getValue(): string {
    return this._choice.value;
  }

  override dispose(): void {
    this.model.contentChanged.disconnect(this._compare, this);
    super.dispose();
  }

  private _compare(): void {
    const now = findCell(this.model, this._choice.value)?.sharedModel.getSource() ?? '';
    this._table.replaceChildren(diffTable(sideBySide(now, this.source)));
  }

  private readonly _choice = element('select', 'jp-mod-styled');
  private readonly _table = element('div', 'comet-diff-frame');
}

/** Ask; the id of the cell to replace, or null if the new version was rejected. */
export async function chooseReplacement(model: INotebookModel, source: string, target: string): Promise<string | null> {
  const dialog = new Dialog<string>({
    title: 'Replace a cell',
    body: new Comparison(model, source, target),
    buttons: [Dialog.cancelButton({ label: 'Reject' }), Dialog.okButton({ label: 'Accept' })]
  });
  dialog.addClass('comet-dialog');
  const { button, value } = await dialog.launch();
  return button.accept ? value : null;
}
