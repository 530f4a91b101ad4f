/** The commands of the palette, the menus and the keyboard; their shortcuts stand in schema/plugin.json. */

import { InputDialog } from '@jupyterlab/apputils';
import type { CodeCell } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { CommandRegistry } from '@lumino/commands';
import { ask, insertBelow } from './actions.js';
import { blocksOf, type Block } from './answers.js';
import { choose } from './choose.js';
import { errorOf } from './fates.js';
import type { Page } from './page.js';
import { CommandIDs } from './tokens.js';

export function addCommands(commands: CommandRegistry, tracker: INotebookTracker, page: Page): void {
  const add = (
    id: string,
    label: string,
    caption: string,
    isEnabled: (panel: NotebookPanel) => boolean,
    execute: (panel: NotebookPanel) => void | Promise<void>
  ): void => {
    commands.addCommand(id, {
      label,
      caption,
      isEnabled: () => tracker.currentWidget !== null && isEnabled(tracker.currentWidget),
      execute: async () => tracker.currentWidget && execute(tracker.currentWidget),
      describedBy: { args: { type: 'object', properties: {} } }
    });
  };
  const canAsk = (panel: NotebookPanel): boolean => page.has(panel, 'gpt') && panel.content.activeCell !== null;
  add(CommandIDs.ask, 'Ask About This Cell…', 'Ask the model about the selected cell', canAsk, askAboutCell);
  add(
    CommandIDs.explainSelection,
    'Explain the Selection',
    'Ask the model to explain the selected code, or the whole cell',
    canAsk,
    explainSelection
  );
  add(
    CommandIDs.explainFrame,
    'Explain the Dataframe Under the Cursor',
    'Describe the variable under the cursor in plain words',
    panel => page.has(panel, 'gpt_explain') && nameAtCursor(panel) !== '',
    panel => ask(panel, panel.content.activeCell!, `%gpt_explain ${nameAtCursor(panel)}`)
  );
  add(
    CommandIDs.fix,
    'Fix the Last Error',
    'Ask the model for a corrected cell',
    canAsk,
    panel => page.fix(panel, failedCell(panel) ?? panel.content.activeCell!)
  );
  add(
    CommandIDs.insert,
    'Insert the Last Answer’s Code',
    'Insert the code of the nearest answer as cells below it',
    panel => lastAnswer(panel) !== null,
    panel => {
      const [cell, blocks] = lastAnswer(panel)!;
      insertBelow(panel, cell.model.id, blocks, page.linkOf(panel)!.fates);
    }
  );
  add(
    CommandIDs.stop,
    'Stop the Answer',
    'Interrupt the answer that is coming; what came is kept',
    panel => page.isAsking(panel) || page.isAnswering(panel),
    panel => page.stop(panel)
  );
  add(
    CommandIDs.effort,
    'Change Effort and Model…',
    'How hard the model thinks, and which',
    panel => (page.stateOf(panel)?.hello?.efforts.length ?? 0) > 0,
    panel => changeEffort(panel, page)
  );
  add(
    CommandIDs.panel,
    'Open the Panel',
    'A prompt and the conversation at the side of the notebook, while cells run',
    () => true,
    panel => page.openPanel(panel)
  );
  page.changed.connect(() => Object.values(CommandIDs).forEach(id => commands.notifyCommandChanged(id)));
}

async function askAboutCell(panel: NotebookPanel): Promise<void> {
  const cell = panel.content.activeCell!;
  const { value } = await InputDialog.getText({
    title: 'Ask about this cell',
    label: 'Question',
    okLabel: 'Ask'
  });
  if (value?.trim()) {
    ask(panel, cell, `%%gpt\n${value.trim()}\n\nThe question is about this cell:\n\n${quoted(panel, 'cell')}`);
  }
}

function explainSelection(panel: NotebookPanel): void {
  ask(panel, panel.content.activeCell!, `%%gpt\nExplain this:\n\n${quoted(panel, 'selection')}`);
}

/** The selected text, or the cell, as a fenced block; braces are doubled, since `{expr}` would be evaluated. */
function quoted(panel: NotebookPanel, what: 'cell' | 'selection'): string {
  const { model, editor } = panel.content.activeCell!;
  const source = model.sharedModel.getSource();
  const selection = editor?.getSelection();
  const selected =
    what === 'selection' && editor && selection
      ? source.slice(editor.getOffsetAt(selection.start), editor.getOffsetAt(selection.end))
      : '';
  const text = (selected.trim() ? selected : source).replace(/[{}]/g, '$&$&');
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${model.type === 'code' ? 'python' : 'markdown'}\n${text.trimEnd()}\n${fence}`;
}

/** The dotted name that the cursor is in, or that begins the cell; empty if there is none. */
function nameAtCursor(panel: NotebookPanel): string {
  const editor = panel.content.activeCell?.editor;
  if (!editor || panel.content.activeCell!.model.type !== 'code') {
    return '';
  }
  const { line, column } = editor.getCursorPosition();
  const text = editor.getLine(line) ?? '';
  for (const match of text.matchAll(/[^\W\d]\w*(?:\.[^\W\d]\w*)*/gu)) {
    if (match.index <= column && column <= match.index + match[0].length) {
      return match[0];
    }
  }
  return '';
}

/** The active cell if it failed, else the nearest failed one above it. */
function failedCell(panel: NotebookPanel): CodeCell | null {
  return nearestAbove(panel, cell => errorOf(cell.model) !== null);
}

function lastAnswer(panel: NotebookPanel): [CodeCell, Block[]] | null {
  const cells = (cell: CodeCell): Block[] => blocksOf(cell).filter(block => block.isCell);
  const cell = nearestAbove(panel, candidate => cells(candidate).length > 0);
  return cell ? [cell, cells(cell)] : null;
}

function nearestAbove(panel: NotebookPanel, wanted: (cell: CodeCell) => boolean): CodeCell | null {
  const { widgets, activeCellIndex } = panel.content;
  for (let i = activeCellIndex; i >= 0; i--) {
    const cell = widgets[i]!;
    if (cell.model.type === 'code' && wanted(cell as CodeCell)) {
      return cell as CodeCell;
    }
  }
  return null;
}

async function changeEffort(panel: NotebookPanel, page: Page): Promise<void> {
  const { hello, status } = page.stateOf(panel)!;
  const now = { model: status?.model ?? '', effort: status?.effort ?? '' };
  const chosen = await choose(now, hello!.efforts);
  for (const name of ['effort', 'model'] as const) {
    if (chosen && chosen[name] !== now[name]) {
      await page.set(panel, name, chosen[name]);
    }
  }
}
