// @ts-check
/**
 * The conversation. Promise: one more turn, and one more paint, cost the same however many turns there are: each is
 * found by its number, the list is never drawn again, and only the newest keep their answers in the document.
 */

import { button, element } from './dom.js';
import { TurnView } from './turn.js';

/** So many turns of the panel are open; older ones are one line, until one wants to see them. */
const MOST_OPEN = 20;
const EMPTY = 'This is one conversation with your %%gpt cells. Answers keep coming while cells run.';
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
    this.empty = element('p', { class: 'comet-empty' }, EMPTY);
    this.scroller.append(this.empty, this.earlier, this.list);
    this.latest = button('down', 'Newest text', () => this.toEnd(), { class: 'comet-latest', hidden: true });
    this.node = element('div', { class: 'comet-frame' }, this.scroller, this.latest);
    this.scroller.addEventListener('scroll', () => this.scrolled(), { passive: true });
    // Text grows, formulas are set; and a notebook takes cells that are far away out of the document, and with that
    // their place is forgotten.
    this.sizes = new ResizeObserver(() => this.settle());
    this.sizes.observe(this.scroller);
    this.sizes.observe(this.list);
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
    this.latest.hidden = this.follows || this.running.size === 0;
  }

  /** @param {import('./messages').Turn} turn */
  add(turn) {
    this.empty.hidden = true;
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
  }

  /** @param {import('./messages').Paint} paint */
  paint(paint) {
    this.turns.get(paint.turn)?.paint(paint);
  }

  /**
   * @param {number} turn
   * @param {import('./messages').Body} body
   */
  receive(turn, body) {
    this.turns.get(turn)?.receive(body);
  }

  /** Bodies that were there before this view. @param {Record<string, import('./messages').Body>} bodies */
  restore(bodies) {
    for (const [id, body] of Object.entries(bodies)) {
      const view = this.turns.get(Number(id));
      if (view?.turn.state === 'running') {
        view.resume(body.html);
      } else {
        view?.receive(body);
      }
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
      const isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_PIXELS;
      // Text that is laid out anew also moves what is seen; only going up means that one wants to stay there.
      this.follows = isAtEnd || (this.follows && scrollTop >= this.place);
      this.place = scrollTop;
      this.latest.hidden = this.follows || this.running.size === 0;
    }
  }

  dispose() {
    this.sizes.disconnect();
  }

  /** Stay at the end if the reader is there, else where the reader is. */
  settle() {
    if (this.follows) {
      this.toEnd();
    } else if (this.scroller.scrollTop !== this.place) {
      this.scroller.scrollTop = this.place;
    }
  }

  toEnd() {
    this.follows = true;
    this.latest.hidden = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}
