// What of the cells goes to the kernel.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CellStream } from '../lib/stream.js';

const cell = (id, source = '') => ({ id, kind: 'code', source, count: null, edited: null, generated: '', outputs: [] });
const around = { page: 'p', path: 'a.ipynb', fates: [] };
const send = (stream, records, { client = 'c', asking = 'a' } = {}) =>
  stream.messages({ ...around, client, asking, records });

test('everything goes at first, then what changed, and the order only if it is another one', () => {
  const stream = new CellStream();
  const [a, b] = [cell('a'), cell('b')];
  const [first] = send(stream, [a, b]);
  assert.deepEqual([first.base, first.seq, first.order, first.changed], [0, 1, ['a', 'b'], [a, b]]);
  const [second] = send(stream, [a, b]);
  assert.deepEqual([second.base, second.seq, second.order, second.changed], [1, 2, null, []]);
  const changed = cell('b', 'x');
  const [third] = send(stream, [changed, a]);
  assert.deepEqual([third.base, third.order, third.changed], [2, ['b', 'a'], [changed]]);
});

test('another client, a reset and a kernel that missed something get everything', () => {
  const stream = new CellStream();
  const records = [cell('a')];
  const isWhole = (...arguments_) => send(...arguments_)[0].base === 0;
  assert.equal(isWhole(stream, records), true);
  assert.equal(isWhole(stream, records, { client: 'other' }), true);
  assert.equal(isWhole(stream, records, { client: 'other' }), false);
  stream.confirm(3);
  assert.equal(isWhole(stream, records, { client: 'other' }), false);
  stream.confirm(3);
  assert.equal(isWhole(stream, records, { client: 'other' }), true);
  stream.doubt();
  assert.equal(isWhole(stream, records, { client: 'other' }), true);
  stream.reset();
  assert.equal(isWhole(stream, records, { client: 'other' }), true);
});

test('a large notebook goes in parts of one number, of which the last one says so', () => {
  const stream = new CellStream();
  const records = Array.from({ length: 3 }, (_, index) => cell(`${index}`, 'x'.repeat(600_000)));
  const messages = send(stream, records);
  assert.deepEqual(
    messages.map(({ seq, last, changed }) => [seq, last, changed.length]),
    [
      [1, false, 1],
      [1, false, 1],
      [1, true, 1]
    ]
  );
});
