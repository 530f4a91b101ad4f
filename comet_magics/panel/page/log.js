// @ts-check
/**
 * The conversation. Promise: one more turn, and one more paint, cost the same however many turns there are: each is
 * found by its number, the list is never drawn again, and only the newest keep their answers in the document.
 */

import { button, element } from './dom.js';
import { TurnView } from './turn.js';

/** So many turns of the panel are open; older ones are one line, until one wants to see them. */
const MOST_OPEN = 20;
/** So near to the end counts as being there. */
const NEAR_PIXELS = 24;

export class Log {
  /** @param {import('./messages').TurnActions} actions */
  constructor(actions) {
    this.actions = actions;
    /** @type {Map<number, TurnView>} */
    this.turns = new Map();
    /** Those that opened by themselves, oldest first. @type {TurnView[]} */
    this.open = [];
    this.running = new Set();
    this.follows = true;
    this.place = 0;
    this.list = element('div', { class: 'comet-turns' });
    this.earlier = element('details', { class: 'comet-earlier', hidden: true }, element('summary'));
    this.scroller = element('div', { class: 'comet-log', role: 'region', 'aria-label': 'Conversation', tabindex: '0' });
    this.scroller.append(this.earlier, this.list);
    this.latest = button('down', 'Newest text', () => this.toEnd(), { class: 'comet-latest', hidden: true });
    this.node = element('div', { class: 'comet-frame' }, this.scroller, this.latest);
    this.scroller.addEventListener('scroll', () => this.scrolled(), { passive: true });
    // A notebook takes cells that are far away out of the document, and with that their place is forgotten.
    this.sizes = new ResizeObserver(() => (this.follows ? this.toEnd() : (this.scroller.scrollTop = this.place)));
    this.sizes.observe(this.scroller);
  }

  /** @param {import('./messages').Turn} turn */
  show(turn) {
    const known = this.turns.get(turn.id);
    if (known) {
      known.update(turn);
    } else {
      this.add(turn);
    }
    if (turn.state === 'running') {
      this.running.add(turn.id);
    } else {
      this.running.delete(turn.id);
    }
    this.scrolled();
  }

  /** @param {import('./messages').Turn} turn */
  add(turn) {
    const view = new TurnView(turn, this.actions);
    this.turns.set(turn.id, view);
    this.list.append(view.node);
    if (turn.origin === 'panel') {
      view.open();
      this.open.push(view);
      if (this.open.length > MOST_OPEN) {
        this.open.shift()?.close();
      }
    }
    if (this.follows) {
      this.toEnd();
    }
  }

  /** @param {import('./messages').Paint} paint */
  paint(paint) {
    this.turns.get(paint.turn)?.paint(paint, () => this.follows && this.toEnd());
  }

  /**
   * @param {number} turn
   * @param {import('./messages').Body} body
   */
  receive(turn, body) {
    this.turns.get(turn)?.receive(body);
    if (this.follows) {
      this.toEnd();
    }
  }

  /** A new conversation begins: fold this one away. */
  clear() {
    const past = [...this.turns.values()].filter(view => !view.isEarlier);
    for (const view of past) {
      view.isEarlier = true;
      view.close();
      this.earlier.append(view.node);
    }
    const count = this.turns.size;
    this.earlier.hidden = count === 0;
    const summary = /** @type {HTMLElement} */ (this.earlier.querySelector('summary'));
    summary.textContent = `Earlier conversation (${count === 1 ? '1 turn' : `${count} turns`})`;
    this.open = [];
    this.toEnd();
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    if (clientHeight > 0) {
      this.place = scrollTop;
      this.follows = scrollHeight - scrollTop - clientHeight < NEAR_PIXELS;
      this.latest.hidden = this.follows || this.running.size === 0;
    }
  }

  dispose() {
    this.sizes.disconnect();
  }

  toEnd() {
    this.follows = true;
    this.latest.hidden = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}
