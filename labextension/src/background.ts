/**
 * Answers that come in the background, in a cell's output: each has a button that stops it, its end is announced, and what
 * a kernel that ended has left behind is marked as not complete.
 */

import type { CodeCell, ICodeCellModel } from '@jupyterlab/cells';
import type { INotebookModel, Notebook } from '@jupyterlab/notebook';
import type { IOutputModel } from '@jupyterlab/rendermime';
import { button, element } from './dom.js';
import { announce } from './live.js';
import { METADATA_KEY } from './tokens.js';

const ENDS: Record<string, string> = {
  complete: 'The background answer is complete.',
  partial: 'The background answer is not complete.',
  stopped: 'The background answer was stopped.',
  refused: 'The background answer was declined.',
  failed: 'The background answer failed.'
};
const COMING = /<p class="comet-note comet-coming">.*?<\/p>/s;
const LOST = 'Not complete: the kernel ended.';

function stateOf(output: IOutputModel): { answer: string; status: string } | null {
  const metadata = output.metadata[METADATA_KEY] as { answer?: unknown; status?: unknown } | undefined;
  const { answer, status } = metadata ?? {};
  return typeof answer === 'string' && typeof status === 'string' ? { answer, status } : null;
}

export class BackgroundAnswers {
  /** Give each running answer of a cell its button, and take it from those that ended. */
  draw(cell: CodeCell, stop: (answer: string) => void): void {
    const { model, node, widgets } = cell.outputArea;
    const rows = new Map(
      [...node.querySelectorAll<HTMLElement>(':scope > .comet-background')].map(row => [row.dataset['answer'], row])
    );
    for (let i = 0; i < Math.min(model.length, widgets.length); i++) {
      const { answer, status } = stateOf(model.get(i)) ?? { answer: '', status: '' };
      if (status !== 'running') {
        this._ended(answer, status);
        continue;
      }
      this._running.set(answer, cell);
      if (!rows.delete(answer)) {
        const press = button('Stop', 'Stop this answer; what came is kept', () => stop(answer));
        const row = element('div', 'comet-background', press);
        row.dataset['answer'] = answer;
        widgets[i]!.node.after(row);
      }
    }
    rows.forEach(row => row.remove());
  }

  isAny(notebook: Notebook): boolean {
    return [...this._running.values()].some(cell => !cell.isDisposed && notebook.widgets.includes(cell));
  }

  private _ended(answer: string, status: string): void {
    if (this._running.delete(answer)) {
      announce(ENDS[status] ?? 'The background answer ended.');
    }
  }

  private readonly _running = new Map<string, CodeCell>();
}

/** The kernel ended: what was still coming will not come. */
export function markLost(notebook: INotebookModel): void {
  for (const cell of notebook.cells) {
    const outputs = cell.type === 'code' ? (cell as ICodeCellModel).outputs : null;
    for (let i = 0; i < (outputs?.length ?? 0); i++) {
      const output = outputs!.get(i);
      if (stateOf(output)?.status === 'running') {
        const html = String(output.data['text/html'] ?? '').replace(COMING, `<p class="comet-note">${LOST}</p>`);
        const metadata = output.metadata[METADATA_KEY] as object;
        output.setData({
          data: { ...output.data, 'text/html': html },
          metadata: { ...output.metadata, [METADATA_KEY]: { ...metadata, status: 'partial' } }
        });
      }
    }
  }
}
