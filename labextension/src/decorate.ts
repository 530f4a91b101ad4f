/** Keeps a notebook's cells dressed: badges, buttons, languages; redrawn at most once a frame for each cell. */

import type { Cell, CodeCell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { drawButtons, showBlock, type BlockActions } from './answers.js';
import { drawBadge } from './badge.js';
import { isQuestion, setLanguage } from './editing.js';
import { drawFix } from './failure.js';

export interface CellActions {
  blocks(cell: CodeCell): BlockActions;
  /** What the button on a failed cell does, null while the kernel can't fix errors. */
  fix(cell: CodeCell): (() => void) | null;
  /** What else an output may wear: the buttons of answers that come in the background. */
  draw(cell: CodeCell): void;
}

export class Decorator {
  constructor(
    private readonly panel: NotebookPanel,
    private readonly actions: CellActions
  ) {
    panel.content.modelContentChanged.connect(this._look, this);
    panel.content.modelChanged.connect(this._look, this);
    this._look();
  }

  /** Redraw every cell: the kernel can now do more, or less. */
  refresh(): void {
    this.panel.content.widgets.forEach(cell => this._schedule(cell));
  }

  /** Look for new cells, once their widgets are there. */
  private _look(): void {
    if (!this._looking) {
      this._looking = true;
      requestAnimationFrame(() => {
        this._looking = false;
        if (!this.panel.isDisposed) {
          this._adopt();
        }
      });
    }
  }

  private _adopt(): void {
    for (const cell of this.panel.content.widgets) {
      if (!this._adopted.has(cell)) {
        this._adopted.add(cell);
        const redraw = (): void => this._schedule(cell);
        cell.model.contentChanged.connect(redraw);
        cell.model.metadataChanged.connect(redraw);
        cell.model.mimeTypeChanged.connect(redraw);
        redraw();
      }
    }
  }

  private _schedule(cell: Cell): void {
    if (!this._due.has(cell)) {
      this._due.add(cell);
      requestAnimationFrame(() => {
        this._due.delete(cell);
        void cell.ready.then(() => this._draw(cell));
      });
    }
  }

  private _draw(cell: Cell): void {
    if (cell.isDisposed || this.panel.isDisposed) {
      return;
    }
    drawBadge(cell, block => void showBlock(this.panel, block));
    setLanguage(cell, this.panel.content);
    if (cell.model.type === 'code') {
      const code = cell as CodeCell;
      drawButtons(code, this.actions.blocks(code), () => this._schedule(cell));
      this.actions.draw(code);
      drawFix(code, isQuestion(cell) ? null : this.actions.fix(code));
    }
  }

  private _looking = false;
  private readonly _adopted = new WeakSet<Cell>();
  private readonly _due = new Set<Cell>();
}
