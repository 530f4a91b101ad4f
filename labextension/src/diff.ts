/** Two texts side by side, line by line: a longest common subsequence, and the table that shows it. */

import { element } from './dom.js';

export interface DiffRow {
  readonly kind: 'same' | 'changed' | 'removed' | 'added';
  readonly left: string | null;
  readonly right: string | null;
}

/** More pairs of lines than this are not compared one by one; the middle then counts as changed. */
const MOST_PAIRS = 4_000_000;

export function sideBySide(before: string, after: string): DiffRow[] {
  const left = before.split('\n');
  const right = after.split('\n');
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) {
    start++;
  }
  let end = 0;
  while (end < left.length - start && end < right.length - start && left.at(-1 - end) === right.at(-1 - end)) {
    end++;
  }
  const same = (line: string): DiffRow => ({ kind: 'same', left: line, right: line });
  return [
    ...left.slice(0, start).map(same),
    ...middle(left.slice(start, left.length - end), right.slice(start, right.length - end)),
    ...left.slice(left.length - end).map(same)
  ];
}

function middle(left: string[], right: string[]): DiffRow[] {
  const rows: DiffRow[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const flush = (): void => {
    for (let i = 0; i < Math.max(removed.length, added.length); i++) {
      rows.push(pair(removed[i] ?? null, added[i] ?? null));
    }
    removed = [];
    added = [];
  };
  for (const [inLeft, inRight] of alignment(left, right)) {
    if (inLeft !== null && inRight !== null) {
      flush();
      rows.push({ kind: 'same', left: inLeft, right: inRight });
    } else if (inLeft !== null) {
      removed.push(inLeft);
    } else if (inRight !== null) {
      added.push(inRight);
    }
  }
  flush();
  return rows;
}

function pair(left: string | null, right: string | null): DiffRow {
  return { kind: left === null ? 'added' : right === null ? 'removed' : 'changed', left, right };
}

function alignment(left: string[], right: string[]): [string | null, string | null][] {
  const width = right.length + 1;
  if (left.length * width > MOST_PAIRS) {
    return [...left.map((line): [string, null] => [line, null]), ...right.map((line): [null, string] => [null, line])];
  }
  // common[i * width + j]: length of the longest common subsequence of left[i…] and right[j…].
  const common = new Uint32Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      const at = i * width + j;
      common[at] =
        left[i] === right[j] ? common[at + width + 1]! + 1 : Math.max(common[at + width]!, common[at + 1]!);
    }
  }
  const steps: [string | null, string | null][] = [];
  for (let i = 0, j = 0; i < left.length || j < right.length; ) {
    const at = i * width + j;
    if (i < left.length && j < right.length && left[i] === right[j]) {
      steps.push([left[i++]!, right[j++]!]);
    } else if (j >= right.length || (i < left.length && common[at + width]! >= common[at + 1]!)) {
      steps.push([left[i++]!, null]);
    } else {
      steps.push([null, right[j++]!]);
    }
  }
  return steps;
}

const SIGNS = { same: ['', ''], changed: ['−', '+'], removed: ['−', ''], added: ['', '+'] } as const;

/** The table; signs tell what changed, colour only repeats it. */
export function diffTable(rows: readonly DiffRow[]): HTMLTableElement {
  const head = element('tr', '', columnHead('Now'), columnHead('Then'));
  const body = rows.map(row => {
    const [minus, plus] = SIGNS[row.kind];
    return element('tr', `comet-diff-${row.kind}`, ...side(minus, row.left), ...side(plus, row.right));
  });
  const columns = ['comet-diff-sign', '', 'comet-diff-sign', ''].map(name => element('col', name));
  return element(
    'table',
    'comet-diff',
    element('colgroup', '', ...columns),
    element('thead', '', head),
    element('tbody', '', ...body)
  );
}

function columnHead(text: string): HTMLElement {
  const head = element('th', '', text);
  head.colSpan = 2;
  head.scope = 'col';
  return head;
}

function side(sign: string, line: string | null): HTMLElement[] {
  return [element('td', 'comet-diff-sign', sign), element('td', 'comet-diff-line', line ?? '')];
}
