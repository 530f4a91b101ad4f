/**
 * What became of the blocks that were offered as cells, so that the model never speaks of an edit that did not land.
 */

import type { ICellModel, ICodeCellModel } from '@jupyterlab/cells';
import type { INotebookModel } from '@jupyterlab/notebook';
import { markOf } from './cells.js';
import type { FateRecord } from './messages.js';
import { hash } from './records.js';

/** Keeps count for one notebook, from when the page was opened. */
export class Fates {
  /** A block was put into a cell. */
  landed(block: string): void {
    this._offered.add(block);
  }

  /** A block was shown and declined. */
  rejected(block: string): void {
    this._offered.add(block);
  }

  /** How it stands now. */
  list(model: INotebookModel): FateRecord[] {
    const standing = new Map<string, FateRecord>();
    for (const cell of model.cells) {
      const mark = markOf(cell);
      if (mark) {
        standing.set(mark.block, fateOf(cell, mark.block, mark.hash));
      }
    }
    for (const block of this._offered) {
      if (!standing.has(block)) {
        standing.set(block, { block, kind: 'rejected', cell: '', detail: '' });
      }
    }
    return [...standing.values()];
  }

  private readonly _offered = new Set<string>();
}

function fateOf(cell: ICellModel, block: string, generated: string): FateRecord {
  const error = errorOf(cell);
  const intact = hash(cell.sharedModel.getSource()) === generated;
  return {
    block,
    kind: error !== null ? 'raised' : intact ? 'accepted' : 'edited',
    cell: cell.id,
    detail: error ?? ''
  };
}

/** The error that a cell's output shows, as `ename: evalue`, or null. */
export function errorOf(cell: ICellModel): string | null {
  if (cell.type !== 'code') {
    return null;
  }
  const { outputs } = cell as ICodeCellModel;
  for (let i = 0; i < outputs.length; i++) {
    const output = outputs.get(i);
    if (output.type === 'error') {
      const json = output.toJSON();
      return `${String(json['ename'])}: ${String(json['evalue'])}`.slice(0, 500);
    }
  }
  return null;
}
