/** `%%gpt` cells are prose: they are edited as markdown, with long lines wrapped. */

import type { Cell } from '@jupyterlab/cells';
import type { Notebook } from '@jupyterlab/notebook';

const MARKDOWN = 'text/x-ipythongfm';
const IS_QUESTION = /^\s*%%gpt\b/;

export function isQuestion(cell: Cell): boolean {
  return cell.model.type === 'code' && IS_QUESTION.test(cell.model.sharedModel.getSource());
}

export function setLanguage(cell: Cell, notebook: Notebook): void {
  if (cell.model.type !== 'code') {
    return;
  }
  const wanted = isQuestion(cell);
  const isMarkdown = cell.model.mimeType === MARKDOWN;
  if (wanted !== isMarkdown) {
    cell.model.mimeType = wanted ? MARKDOWN : notebook.codeMimetype;
    cell.updateEditorConfig({ lineWrap: wanted || notebook.editorConfig.code['lineWrap'] });
  }
}
