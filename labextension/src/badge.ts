/**
 * The small badge above a generated cell: which model, whether it was checked, whether it is still as it came. It is a
 * button that leads to the details, below the block in the answer that the cell came from.
 */

import type { Cell } from '@jupyterlab/cells';
import { markOf } from './cells.js';
import { element } from './dom.js';
import { hash } from './records.js';
import type { Mark } from './tokens.js';

export function drawBadge(cell: Cell, show: (block: string) => void): void {
  const mark = markOf(cell.model);
  const drawn = cell.node.querySelector<HTMLElement>(':scope > .comet-badge');
  if (!mark) {
    drawn?.remove();
    return;
  }
  const text = badgeText(mark, cell.model.sharedModel.getSource());
  if (drawn?.textContent === text) {
    return;
  }
  const badge = drawn ?? element('button', 'comet-badge');
  badge.textContent = text;
  badge.title = 'Show the answer that this cell came from';
  badge.setAttribute('aria-label', `Generated cell: ${text}. Show the answer that it came from`);
  badge.onclick = () => show(mark.block);
  badge.dataset['checked'] = String(mark.checked);
  if (!drawn) {
    cell.node.querySelector('.jp-CellHeader')?.after(badge);
  }
}

function badgeText(mark: Mark, source: string): string {
  const checked = { true: '✓ checked', false: '✗ did not pass the check', null: 'not checked' }[`${mark.checked}`];
  const edited = hash(source) === mark.hash ? [] : ['edited'];
  return ['✦ ' + mark.model, mark.verdict || checked, ...edited].join(' · ');
}
