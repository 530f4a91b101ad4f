import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sideBySide } from '../lib/diff.js';

const shown = (before, after) => sideBySide(before, after).map(({ kind, left, right }) => [kind, left, right]);

test('equal texts have only equal lines', () => {
  assert.deepEqual(shown('a\nb', 'a\nb'), [
    ['same', 'a', 'a'],
    ['same', 'b', 'b']
  ]);
});

test('a changed line stands beside what it becomes', () => {
  assert.deepEqual(shown('a\nb\nc', 'a\nB\nc'), [
    ['same', 'a', 'a'],
    ['changed', 'b', 'B'],
    ['same', 'c', 'c']
  ]);
});

test('lines that come and go have nothing beside them', () => {
  assert.deepEqual(shown('a\nc', 'a\nb\nc'), [
    ['same', 'a', 'a'],
    ['added', null, 'b'],
    ['same', 'c', 'c']
  ]);
  assert.deepEqual(shown('a\nb\nc', 'a\nc'), [
    ['same', 'a', 'a'],
    ['removed', 'b', null],
    ['same', 'c', 'c']
  ]);
});

test('the two sides are the two texts, whatever they are', () => {
  let seed = 7;
  const random = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
  for (let round = 0; round < 300; round++) {
    const [before, after] = [0, 1].map(() =>
      Array.from({ length: 1 + Math.floor(random() * 9) }, () => 'abc'[Math.floor(random() * 3)]).join('\n')
    );
    const rows = sideBySide(before, after);
    const side = name => rows.map(row => row[name]).filter(line => line !== null);
    assert.equal(side('left').join('\n'), before);
    assert.equal(side('right').join('\n'), after);
  }
});

test('texts too long to compare line by line are shown whole', () => {
  const before = Array.from({ length: 3_000 }, (_, i) => `old ${i}`).join('\n');
  const after = Array.from({ length: 3_000 }, (_, i) => `new ${i}`).join('\n');
  assert.equal(sideBySide(before, after).length, 3_000);
});
