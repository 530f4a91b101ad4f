// The panel's page: what needs no document.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spendText } from '../../comet_magics/panel/page/settings.js';
import { Transport } from '../../comet_magics/panel/page/transport.js';

const status = { spent_usd: 0.01234, at_most: false, requests: 2, budget_usd: null };

test('what was spent is said with its budget, and as a bound where it is one', () => {
  assert.equal(spendText({ ...status, requests: 0, spent_usd: 0 }), '$0 spent');
  assert.equal(spendText(status), '$0.0123 spent');
  assert.equal(spendText({ ...status, at_most: true, budget_usd: 1 }), '≤ $0.0123 of $1.00 spent');
  assert.equal(spendText({ ...status, spent_usd: 12.345 }), '$12.35 spent');
});

/** As much of a page as a transport needs: a root that takes what it is told, or not. */
function page(takes) {
  globalThis.window = globalThis;
  const taken = [];
  const sent = [];
  const root = new EventTarget();
  root.addEventListener('comet-magics:send', event => {
    if (takes) {
      event.preventDefault();
      taken.push(event.detail);
    }
  });
  const waits = [];
  const model = { get: () => 'p-1', send: content => sent.push(content) };
  return { transport: new Transport(root, model, isWaiting => waits.push(isWaiting)), taken, sent, waits };
}

test('what is said goes to the extension, and without one over the comm of the widget', () => {
  const hello = { type: 'hello', view: 'v' };
  const withExtension = page(true);
  withExtension.transport.send(hello);
  assert.deepEqual(withExtension.taken, [{ panel: 'p-1', content: hello }]);
  assert.deepEqual(withExtension.sent, []);
  const without = page(false);
  without.transport.send(hello);
  assert.deepEqual(without.sent, [hello]);
});

test('the reader is told of a wait until the last late answer is there', context => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { transport, waits } = page(true);
  const [first, second, third] = [transport.next(), transport.next(), transport.next()];
  transport.request(first, { type: 'new' });
  transport.request(second, { type: 'new' });
  context.mock.timers.tick(999);
  transport.request(third, { type: 'new' });
  assert.deepEqual(waits, []);
  context.mock.timers.tick(1);
  transport.settled(first);
  transport.settled(third);
  assert.deepEqual(waits, [true, true]);
  transport.settled(second);
  assert.deepEqual(waits, [true, true, false]);
});
