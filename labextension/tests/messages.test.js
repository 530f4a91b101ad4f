// The same samples as tests/notebook/test_messages.py.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseFromKernel } from '../lib/messages.js';

const samples = name =>
  JSON.parse(readFileSync(new URL(`../../tests/data/messages/${name}`, import.meta.url), 'utf8'));

for (const sample of samples('from_kernel.json')) {
  test(`a ${sample.type} message of the kernel is understood`, () => {
    assert.deepEqual(parseFromKernel(sample), sample);
  });
}

for (const sample of samples('malformed/from_kernel.json')) {
  test(`malformed: ${JSON.stringify(sample)}`, () => {
    assert.equal(parseFromKernel(sample), null);
  });
}

test('of another version’s hello only the version is believed', () => {
  const { from_kernel: hello } = samples('other_version.json');
  const expected = { type: 'hello', protocol: 99, package: '9.0.0', magics: [], efforts: [], seen: {} };
  assert.deepEqual(parseFromKernel(hello), expected);
});
