/** The small badge above a generated cell: which model, whether it was checked, whether it is still as it came. */

import type { Cell } from '@jupyterlab/cells';
import { markOf } from './cells.js';
import { element } from './dom.js';
import { hash } from './records.js';
import type { Mark } from './tokens.js';

export function drawBadge(cell: Cell): void {
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
  const badge = drawn ?? element('div', 'comet-badge');
  badge.textContent = text;
  badge.setAttribute('role', 'note');
  badge.setAttribute('aria-label', `Generated cell: ${text}`);
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
