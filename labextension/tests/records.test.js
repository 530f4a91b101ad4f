import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { hash, imageSize, recordOf, shorten } from '../lib/records.js';

const [, cells] = JSON.parse(
  readFileSync(new URL('../../tests/data/messages/from_page.json', import.meta.url), 'utf8')
);
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGNgYGD4D8UwBgAd9gP9Gk0vOQAAAABJRU5ErkJggg==';

test('a code cell becomes the record of the sample', () => {
  const json = {
    id: 'a',
    cell_type: 'code',
    source: ["df = load('π.csv')"],
    execution_count: 3,
    metadata: {},
    outputs: [{ output_type: 'stream', name: 'stdout', text: ['hello\n'] }]
  };
  const [expected] = cells.changed;
  const record = recordOf({ json, edited: false, isNear: true });
  assert.deepEqual(record, { ...expected, outputs: [expected.outputs[0]] });
});

test('an answer of ours comes as its markdown, an error as its message', () => {
  const json = {
    id: 'b',
    cell_type: 'code',
    source: '%%gpt',
    metadata: { comet_magics: { block: 'x:1' } },
    outputs: [
      {
        output_type: 'display_data',
        data: { 'text/html': '<p>So</p>', 'text/markdown': '*So*', 'text/plain': 'So' },
        metadata: { comet_magics: { model: 'm' } }
      },
      { output_type: 'error', ename: 'KeyError', evalue: "'incme'", traceback: [] }
    ]
  };
  const { outputs, generated } = recordOf({ json, edited: null, isNear: false });
  assert.equal(generated, 'x:1');
  assert.deepEqual([outputs[0].text, outputs[0].answer], ['*So*', true]);
  assert.deepEqual([outputs[1].text, outputs[1].name], ["KeyError: 'incme'", 'KeyError']);
});

test('what the panel shows does not come: it is the conversation', () => {
  const output = {
    output_type: 'display_data',
    data: { 'text/html': '<p>long</p>', 'text/plain': 'long' },
    metadata: { comet_magics: { panel: 'p1' } }
  };
  const json = { id: 'c', cell_type: 'code', source: '%gpt_panel', metadata: {}, outputs: [output] };
  const [record] = recordOf({ json, edited: null, isNear: true }).outputs;
  assert.deepEqual([record.text, record.length, record.answer], ['', 0, false]);
});

test('long text loses its middle, never half a character', () => {
  const text = '😀'.repeat(9_000);
  const short = shorten(text, 8_001);
  assert.ok(short.length < 8_100);
  assert.match(short, /characters left out/);
  assert.ok(short.isWellFormed?.() ?? true);
  assert.equal(shorten('short', 8_000), 'short');
});

test('pictures have a size, other things do not', () => {
  assert.deepEqual(imageSize({ 'image/png': PNG }), [3, 2]);
  assert.equal(imageSize({ 'image/png': 'not base64!' }), null);
  assert.equal(imageSize({ 'text/plain': 'x' }), null);
});

test('a JPEG has the size of its frame header', () => {
  const bytes = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 1, 0, 2, 0, 1, 0, 0, 0];
  assert.deepEqual(imageSize({ 'image/jpeg': btoa(String.fromCharCode(...bytes)) }), [512, 256]);
});

test('fifty megabytes of outputs become a small record', () => {
  const output = { output_type: 'stream', name: 'stdout', text: 'x'.repeat(1_000_000) };
  const json = { id: 'c', cell_type: 'code', source: '', metadata: {}, outputs: Array(50).fill(output) };
  const record = recordOf({ json, edited: null, isNear: true });
  assert.ok(JSON.stringify(record).length < 300_000);
  assert.equal(record.outputs[0].length, 1_000_000);
});

test('a hash tells sources apart', () => {
  assert.equal(hash('a = 1'), hash('a = 1'));
  assert.notEqual(hash('a = 1'), hash('a = 2'));
});
