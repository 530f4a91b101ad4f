/** The dialog that changes model and effort. */

import { Dialog } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';
import { element } from './dom.js';

export interface Choice {
  readonly model: string;
  readonly effort: string;
}

class Fields extends Widget implements Dialog.IBodyWidget<Choice> {
  constructor(now: Choice, efforts: readonly string[]) {
    super();
    this.addClass('comet-choose');
    for (const effort of efforts) {
      this._effort.append(element('option', '', effort));
    }
    this._effort.value = now.effort;
    this._model.value = now.model;
    this._model.spellcheck = false;
    this.node.append(
      element('label', '', 'Effort (how hard it thinks)', this._effort),
      element('label', '', 'Model', this._model),
      element('p', '', 'From the next question on.')
    );
  }

  getValue(): Choice {
    return { model: this._model.value.trim(), effort: this._effort.value };
  }

  private readonly _effort = element('select', 'jp-mod-styled');
  private readonly _model = element('input', 'jp-mod-styled');
}

/** Ask; what was chosen, or null if nothing was. */
export async function choose(now: Choice, efforts: readonly string[]): Promise<Choice | null> {
  const dialog = new Dialog<Choice>({
    title: 'Effort and model of %%gpt',
    body: new Fields(now, efforts),
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: 'Change' })],
    focusNodeSelector: 'select'
  });
  dialog.addClass('comet-dialog-small');
  const { button, value } = await dialog.launch();
  return button.accept && value?.model ? value : null;
}
