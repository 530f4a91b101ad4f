/** The button on a cell that failed. */

import type { CodeCell } from '@jupyterlab/cells';
import { button, element } from './dom.js';
import { errorOf } from './fates.js';

export function drawFix(cell: CodeCell, fix: (() => void) | null): void {
  const area = cell.outputArea.node;
  const drawn = area.querySelector(':scope > .comet-fix');
  const wanted = fix !== null && errorOf(cell.model) !== null;
  if (!wanted) {
    drawn?.remove();
  } else if (!drawn) {
    area.append(element('div', 'comet-fix', button('Fix this error', 'Ask for a corrected cell', fix)));
  }
}
