/** What buttons and commands do to a notebook. None of them needs a kernel but to run something. */

import { Clipboard } from '@jupyterlab/apputils';
import type { Cell } from '@jupyterlab/cells';
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import type { Block, BlockActions } from './answers.js';
import { findCell, insertCells, replaceCell } from './cells.js';
import type { Fates } from './fates.js';
import { announce } from './live.js';
import { chooseReplacement } from './replace.js';
import type { NewCell } from './tokens.js';

/** `at` is the id of the cell that an answer belongs to: new cells go below it. */
export function blockActions(panel: NotebookPanel, at: () => string, fates: Fates): BlockActions {
  return {
    copy: block => {
      Clipboard.copyToSystem(block.source);
      announce('Copied.');
    },
    insert: blocks => void insertBelow(panel, at(), blocks, fates),
    insertAndRun: block => {
      const ids = insertBelow(panel, at(), [block], fates);
      run(panel, ids);
    },
    replace: block => void replace(panel, at(), block, fates)
  };
}

/** Insert blocks below a cell and go to the first of them. */
export function insertBelow(
  panel: NotebookPanel,
  below: string,
  blocks: readonly NewCell[],
  fates: Fates
): string[] {
  const { model } = panel.content;
  if (!model || model.readOnly || blocks.length === 0) {
    return [];
  }
  const ids = insertCells(model, below, blocks.map(withoutNode));
  blocks.forEach(({ block }) => fates.landed(block));
  select(panel, ids[0]!);
  announce(ids.length === 1 ? 'Inserted one cell.' : `Inserted ${ids.length} cells.`);
  return ids;
}

function withoutNode(cell: NewCell | Block): NewCell {
  const { kind, source, block, model, checked, verdict } = cell;
  return { kind, source, block, model, checked, verdict };
}

async function replace(panel: NotebookPanel, at: string, block: Block, fates: Fates): Promise<void> {
  const { model } = panel.content;
  if (!model || model.readOnly) {
    return;
  }
  const target = findCell(model, block.mends)?.id ?? at;
  const chosen = await chooseReplacement(model, block.source, target);
  if (chosen !== null && replaceCell(model, chosen, withoutNode(block))) {
    fates.landed(block.block);
    select(panel, chosen);
    announce('Replaced the cell.');
  } else {
    fates.rejected(block.block);
    announce('Nothing was replaced.');
  }
}

/** Insert a question below a cell and run it. */
export function ask(panel: NotebookPanel, below: Cell, source: string): void {
  const { model } = panel.content;
  if (!model || model.readOnly) {
    return;
  }
  const at = Array.from(model.cells).findIndex(cell => cell.id === below.model.id) + 1;
  const made = model.sharedModel.insertCell(at, { cell_type: 'code', source, metadata: {} });
  select(panel, made.getId());
  run(panel, [made.getId()]);
}

function run(panel: NotebookPanel, ids: readonly string[]): void {
  const cells = panel.content.widgets.filter(cell => ids.includes(cell.model.id));
  void NotebookActions.runCells(panel.content, cells, panel.sessionContext);
}

function select(panel: NotebookPanel, id: string): void {
  const index = panel.content.widgets.findIndex(cell => cell.model.id === id);
  if (index >= 0) {
    panel.content.deselectAll();
    panel.content.activeCellIndex = index;
    void panel.content.scrollToItem(index, 'smart');
    panel.content.node.focus();
  }
}
