/**
 * The notebook's cells: what changed since the kernel last heard of them, and how new ones come in.
 * Cells are found by id, never by index: someone else may be editing the same notebook.
 */

import type { ICellModel, ICodeCellModel } from '@jupyterlab/cells';
import type { INotebookModel } from '@jupyterlab/notebook';
import { UUID } from '@lumino/coreutils';
import type { CellRecord } from './messages.js';
import { hash, recordOf } from './records.js';
import { METADATA_KEY, type Mark, type NewCell } from './tokens.js';

/** How far from a cell that asks outputs are told at length. */
const NEAR_CELLS = 50;

/** Watches a notebook's cells from the first question on, so that only what changed is read again. */
export class CellTracker {
  constructor(private readonly model: INotebookModel) {}

  /**
   * All cells in order; a record stays the same object as long as its cell is unchanged. Cells around `asking` are told
   * at more length, and stay so.
   */
  records(asking: string): CellRecord[] {
    const cells = Array.from(this.model.cells);
    const at = cells.findIndex(cell => cell.id === asking);
    return cells.map((cell, index) => {
      const isNear = Math.abs(index - at) <= NEAR_CELLS;
      const known = this._records.get(cell);
      if (known && (known.isNear || !isNear)) {
        return known.record;
      }
      this._watch(cell);
      const record = recordOf({ json: cell.toJSON(), edited: editedSinceRun(cell), isNear });
      this._records.set(cell, { record, isNear });
      return record;
    });
  }

  private _watch(cell: ICellModel): void {
    if (this._watched.has(cell)) {
      return;
    }
    this._watched.add(cell);
    const forget = (): void => void this._records.delete(cell);
    cell.contentChanged.connect(forget);
    cell.stateChanged.connect(forget);
    cell.metadataChanged.connect(forget);
  }

  private readonly _records = new WeakMap<ICellModel, { record: CellRecord; isNear: boolean }>();
  private readonly _watched = new WeakSet<ICellModel>();
}

function editedSinceRun(cell: ICellModel): boolean | null {
  if (cell.type !== 'code') {
    return null;
  }
  const code = cell as ICodeCellModel;
  return code.executionCount === null ? null : code.isDirty;
}

export function findCell(model: INotebookModel, id: string): ICellModel | undefined {
  return Array.from(model.cells).find(cell => cell.id === id);
}

/** The mark of a generated cell, if it has a well-formed one. */
export function markOf(cell: ICellModel): Mark | null {
  const mark = cell.getMetadata(METADATA_KEY) as Partial<Mark> | undefined;
  const isMark = typeof mark?.block === 'string' && typeof mark.model === 'string' && typeof mark.hash === 'string';
  return isMark ? (mark as Mark) : null;
}

function newMark(cell: NewCell): Mark {
  const { block, model, checked, verdict } = cell;
  return { block, model, checked, verdict, hash: hash(cell.source) };
}

/**
 * Put `cells` below the cell `below`, as one step of undo; return their ids. Those of one answer stay together, in the
 * answer's order, whichever was inserted first. They are not run and not trusted.
 */
export function insertCells(model: INotebookModel, below: string, cells: readonly NewCell[]): string[] {
  const made = cells.map(cell => ({
    id: UUID.uuid4(),
    cell_type: cell.kind,
    source: cell.source,
    metadata: { trusted: false, [METADATA_KEY]: { ...newMark(cell) } }
  }));
  const first = cells[0];
  if (first) {
    const at = placeFor(model, below, first.block);
    inOneStep(model, () => void model.sharedModel.insertCells(at, made));
  }
  return made.map(cell => cell.id);
}

function placeFor(model: INotebookModel, below: string, block: string): number {
  const cells = Array.from(model.cells);
  const asking = cells.findIndex(cell => cell.id === below);
  if (asking < 0) {
    return cells.length;
  }
  const [answer, index] = splitBlock(block);
  let at = asking + 1;
  for (; at < cells.length; at++) {
    const [otherAnswer, otherIndex] = splitBlock(markOf(cells[at]!)?.block ?? '');
    if (otherAnswer !== answer || otherIndex > index) {
      break;
    }
  }
  return at;
}

export function splitBlock(block: string): [string, number] {
  const colon = block.lastIndexOf(':');
  return [block.slice(0, Math.max(colon, 0)), Number(block.slice(colon + 1))];
}

/** Replace the source of the cell `id`, as one step of undo; its outputs stay until it is run. */
export function replaceCell(model: INotebookModel, id: string, by: NewCell): boolean {
  const cell = findCell(model, id);
  if (!cell) {
    return false;
  }
  inOneStep(model, () => {
    cell.sharedModel.setSource(by.source);
    cell.setMetadata(METADATA_KEY, { ...newMark(by) });
  });
  return true;
}

function inOneStep(model: INotebookModel, change: () => void): void {
  const { sharedModel } = model;
  // Yjs joins edits that come close together; what was typed just before is not part of this step.
  const undo = 'undoManager' in sharedModel ? (sharedModel.undoManager as { stopCapturing(): void }) : null;
  undo?.stopCapturing();
  sharedModel.transact(change);
  undo?.stopCapturing();
}
