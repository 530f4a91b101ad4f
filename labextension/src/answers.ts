/**
 * The code blocks of an answer in a cell's output, and the buttons above each of them. They are found in the output as
 * it stands, so they are there for a saved answer without a kernel, too.
 *
 * Promise: what a button takes is what the reader sees. A block that holds anything but plain runs of coloured text is
 * shown as plain text first, so that nothing can hide in it.
 */

import type { CodeCell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { button, element } from './dom.js';
import { announce } from './live.js';
import { METADATA_KEY, type NewCell } from './tokens.js';

export interface Block extends NewCell {
  readonly node: HTMLElement;
  readonly language: string;
  readonly isCell: boolean;
  /** The cell that it is meant to replace, empty if none in particular. */
  readonly mends: string;
}

export interface BlockActions {
  copy(block: Block): void;
  insert(blocks: readonly Block[]): void;
  insertAndRun(block: Block): void;
  replace(block: Block): void;
}

const PYTHON = new Set(['python', 'py', 'python3', 'ipython', 'ipython3']);
const MARKDOWN = new Set(['markdown', 'md']);

/** The nodes of a cell's outputs that hold a finished answer, with the answer's metadata. */
function* answers(cell: CodeCell): Generator<[HTMLElement, Record<string, unknown>]> {
  const { model, widgets } = cell.outputArea;
  for (let i = 0; i < Math.min(model.length, widgets.length); i++) {
    const metadata = model.get(i).metadata[METADATA_KEY] as Record<string, unknown> | undefined;
    const isAnswer = typeof metadata === 'object' && metadata !== null && !('panel' in metadata);
    if (isAnswer && metadata['status'] !== 'running') {
      yield [widgets[i]!.node, metadata];
    }
  }
}

export function blocksOf(cell: CodeCell): Block[] {
  return [...answers(cell)].flatMap(([node, metadata]) => blocksIn(node, metadata, cell.model.id));
}

/** The blocks of one answer; `cell` names those of an answer that has no name of its own. */
export function blocksIn(node: HTMLElement, metadata: Record<string, unknown>, cell: string): Block[] {
  const answer = String(metadata['answer'] ?? cell);
  const model = String(metadata['model'] ?? '');
  const mends = typeof metadata['mends'] === 'string' ? metadata['mends'] : '';
  const offered = metadata['insert'] !== 'none';
  const reviewed = Array.isArray(metadata['blocks']) ? (metadata['blocks'] as unknown[]) : [];
  const blocks: Block[] = [];
  let next = 0;
  for (const pre of node.querySelectorAll<HTMLElement>('.comet-answer pre')) {
    const fence = languageOf(pre);
    if (fence === null || pre.closest('details')) {
      continue;
    }
    const source = plainText(pre);
    const at = reviewed.length > 0 ? positionOf(source, reviewed, next) : next;
    const review = (reviewed[at] ?? {}) as Partial<Review>;
    next = at < 0 ? next : at + 1;
    const isMarkdown = MARKDOWN.has(fence);
    const isCode = review.role === undefined ? PYTHON.has(fence) : review.role === 'cell';
    const known = isCode && typeof review.verdict === 'string';
    blocks.push({
      node: pre,
      language: isCode ? 'python' : fence,
      // What shows a repair's changes is no block of the answer.
      isCell: offered && at >= 0 && (isCode || isMarkdown),
      mends,
      kind: isMarkdown ? 'markdown' : 'code',
      source,
      block: `${answer}:${at}`,
      model,
      checked: known ? review.failed !== true : null,
      verdict: known ? review.verdict! : ''
    });
  }
  return blocks;
}

/** What the kernel found out about a block of the answer, in the output's metadata. */
interface Review {
  readonly source: string;
  readonly role: string;
  readonly verdict: string;
  readonly failed: boolean;
}

/** Which of the reviewed blocks a text is, from `start` on; -1 if it is none of them. */
function positionOf(source: string, reviewed: readonly unknown[], start: number): number {
  const bare = (text: unknown): string => String(text).replace(/\s+/g, '');
  const wanted = bare(source);
  return reviewed.findIndex((review, index) => index >= start && bare((review as Review | null)?.source) === wanted);
}

/** The language of a fenced block, null for what is none: an indented block, or a `pre` that is not ours. */
function languageOf(pre: HTMLElement): string | null {
  const name = pre.querySelector(':scope > code')?.className ?? '';
  return /^language-([\w+#.-]+)$/.exec(name)?.[1] ?? null;
}

/** What a block is made of: elements that only colour, with the highlighter's class names. */
const ELEMENTS = new Set(['code', 'span', 'b', 'i']);
const COLOURS = /^(?:language-[\w+#.-]+|[a-z]{1,2})$/;

function plainText(pre: HTMLElement): string {
  const text = pre.textContent ?? '';
  for (const inner of [pre, ...pre.querySelectorAll<HTMLElement>('*')]) {
    const isPlain = inner === pre || ELEMENTS.has(inner.localName);
    const isBare = [...inner.attributes].every(({ name }) => name === 'class' || (inner === pre && name === 'tabindex'));
    if (!isPlain || !isBare || ![...inner.classList].every(name => COLOURS.test(name))) {
      const code = element('code', 'language-' + languageOf(pre), text);
      [...pre.attributes].forEach(({ name }) => pre.removeAttribute(name));
      pre.replaceChildren(code);
      break;
    }
  }
  return text.replace(/\n+$/, '');
}

const drawn = new WeakSet<HTMLElement>();

/** Give each block its row of buttons, once. */
export function drawButtons(cell: CodeCell, actions: BlockActions, changed: () => void): void {
  for (const [node] of answers(cell)) {
    watch(node, changed);
  }
  dress(() => blocksOf(cell), actions);
}

/** Give each of these blocks its row of buttons, once; they are looked for again when a button is pressed. */
export function dress(find: () => Block[], actions: BlockActions): void {
  for (const [index, block] of find().entries()) {
    if (drawn.has(block.node)) {
      continue;
    }
    drawn.add(block.node);
    const current = (): Block => find().find(({ node }) => node === block.node) ?? block;
    // JupyterLab's sanitizer takes this away; what scrolls must be reachable by keyboard.
    block.node.tabIndex = 0;
    const row = element('div', 'comet-buttons', element('span', 'comet-language', block.language));
    row.setAttribute('role', 'group');
    row.setAttribute('aria-label', `Code block ${index + 1}`);
    row.append(button('Copy', 'Copy this block', () => actions.copy(current())));
    if (block.isCell) {
      row.append(
        button('Insert below', 'Insert this block as a cell below', () => actions.insert([current()])),
        button('Insert and run', 'Insert this block as a cell below and run it', () => actions.insertAndRun(current())),
        button('Replace…', 'Compare this block with a cell, and replace it', () => actions.replace(current()))
      );
    }
    block.node.before(row);
  }
}

const watched = new WeakSet<HTMLElement>();

/** Outputs are rendered some time after they arrive. */
function watch(node: HTMLElement, changed: () => void): void {
  if (!watched.has(node)) {
    watched.add(node);
    new MutationObserver(changed).observe(node, { childList: true, subtree: true });
  }
}

/** Go to a block of an answer, with the details of its verdict unfolded. */
export async function showBlock(panel: NotebookPanel, name: string): Promise<void> {
  const cells = panel.content.widgets.filter(cell => cell.model.type === 'code') as CodeCell[];
  for (const cell of cells) {
    const block = blocksOf(cell).find(({ block }) => block === name);
    if (block) {
      await panel.content.scrollToItem(panel.content.widgets.indexOf(cell), 'smart');
      const verdict = following(block.node, 'comet-verdict');
      verdict?.querySelector('details')?.setAttribute('open', '');
      (verdict ?? block.node).scrollIntoView({ block: 'center' });
      block.node.focus({ preventScroll: true });
      return;
    }
  }
  announce('The answer is not in this notebook any more.');
}

/** What stands directly below a block: one of its next siblings, before the next block. */
function following(node: HTMLElement, className: string): HTMLElement | null {
  const next = node.nextElementSibling as HTMLElement | null;
  return next?.classList.contains(className) ? next : null;
}
