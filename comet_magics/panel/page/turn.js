// @ts-check
/**
 * One question and its answer. While the answer comes, what is settled is appended and only the tail is replaced, at
 * most once a frame; so a paint costs what is new. A turn that is folded keeps its answer out of the document.
 *
 * The only HTML that is parsed is an answer's, which our own renderer made (comet_magics/render/html.py).
 */

import { button, element, icon } from './dom.js';
import { retryForm } from './retry.js';

/** @typedef {import('./messages').Turn} Turn */

/** Longer questions are cut until one wants to see them. */
const LONG_QUESTION = 1200;
const LONG_LINES = 14;

export class TurnView {
  /**
   * @param {Turn} turn
   * @param {import('./messages').TurnActions} actions
   */
  constructor(turn, actions) {
    this.turn = turn;
    this.actions = actions;
    /** @type {import('./messages').Body | null} */
    this.known = null;
    this.isOpen = false;
    /** Whether it belongs to a conversation that is over. */
    this.isEarlier = false;
    /** Whether all of a long question is shown. */
    this.isWhole = false;
    /** @type {{ head: string | null, add: string, tail: string } | null} */
    this.due = null;
    /** @type {{ head: HTMLElement, settled: HTMLElement, tail: HTMLElement } | null} */
    this.live = null;
    this.fold = element('button', { type: 'button', class: 'comet-fold' }, icon('fold'));
    this.fold.addEventListener('click', () => this.toggle());
    this.question = element('div', { class: 'comet-question' });
    this.marks = element('span', { class: 'comet-marks' });
    this.body = element('div', { class: 'comet-body' });
    this.tools = element('div', { class: 'comet-tools', role: 'group' });
    this.node = element('article', { class: 'comet-turn' }, element('header', {}, this.fold, this.question, this.marks));
    this.update(turn);
  }

  /** @param {Turn} turn */
  update(turn) {
    const hasEnded = this.turn.state === 'running' && turn.state !== 'running';
    this.turn = turn;
    const { node } = this;
    node.dataset['state'] = turn.state;
    node.dataset['origin'] = turn.origin;
    node.classList.toggle('comet-left-out', turn.left_out);
    const first = turn.question.trim().split('\n', 1)[0] ?? '';
    this.name = first.length > 60 ? `${first.slice(0, 60)}…` : first;
    node.setAttribute('aria-label', `Question: ${this.name}`);
    this.tools.setAttribute('aria-label', `About the answer to: ${this.name}`);
    this.ask();
    const pictures = turn.pictures === 1 ? '1 picture' : `${turn.pictures} pictures`;
    const marks = [turn.where, turn.pictures > 0 ? pictures : '', turn.left_out ? 'not sent' : ''];
    this.marks.replaceChildren(...marks.filter(Boolean).map(mark => element('span', {}, mark)));
    this.label();
    if (hasEnded) {
      this.fill();
    }
    this.equip();
  }

  /** Show the question: one line of it while folded. */
  ask() {
    const { question } = this.turn;
    const isLong = question.length > LONG_QUESTION || question.split('\n').length > LONG_LINES;
    if (this.isOpen && isLong && !this.isWhole) {
      const beginning = question.slice(0, LONG_QUESTION).split('\n').slice(0, LONG_LINES).join('\n');
      const all = element('button', { type: 'button', class: 'comet-link' }, 'Show all of the question');
      all.addEventListener('click', () => {
        this.isWhole = true;
        this.ask();
      });
      this.question.replaceChildren(`${beginning} …\n`, all);
    } else {
      this.question.replaceChildren(this.isOpen ? question : question.slice(0, 300));
    }
  }

  label() {
    this.fold.setAttribute('aria-expanded', String(this.isOpen));
    this.fold.setAttribute('aria-label', `${this.isOpen ? 'Fold' : 'Open'}: ${this.name}`);
    this.fold.title = this.isOpen ? 'Fold this turn' : 'Open this turn';
  }

  toggle() {
    if (this.isOpen) {
      this.close();
    } else {
      this.open();
      if (this.known === null && this.turn.state !== 'running') {
        this.actions.open(this.turn.id);
      }
    }
  }

  open() {
    if (!this.isOpen) {
      this.isOpen = true;
      this.node.classList.add('comet-open');
      this.node.append(this.body, this.tools);
      this.ask();
      this.label();
      this.fill();
    }
  }

  close() {
    this.isOpen = false;
    this.node.classList.remove('comet-open');
    this.body.remove();
    this.tools.remove();
    if (this.live === null) {
      this.body.replaceChildren();
      this.tools.replaceChildren();
    }
    this.ask();
    this.label();
  }

  /** All that there is so far of an answer that is coming. @param {string} html */
  resume(html) {
    this.begin().settled.innerHTML = html;
  }

  /** The finished answer, in place of what was painted. @param {import('./messages').Body} body */
  receive(body) {
    this.known = body;
    this.due = null;
    this.live = null;
    this.fill();
  }

  fill() {
    if (!this.isOpen) {
      return;
    }
    const { turn, known, body } = this;
    if (known !== null) {
      body.innerHTML = known.html;
    } else if (this.live === null) {
      body.replaceChildren();
    }
    if (turn.error && !body.textContent?.includes(turn.error)) {
      body.append(element('p', { class: 'comet-error' }, turn.error));
    }
    this.equip();
    if (known !== null && turn.state !== 'running') {
      this.actions.finished(turn, body);
    }
  }

  /** The frame for an answer that is coming. */
  begin() {
    if (this.live === null) {
      const part = () => element('div', { class: 'comet-part' });
      this.live = { head: part(), settled: part(), tail: part() };
      const { head, settled, tail } = this.live;
      this.body.replaceChildren(element('div', { class: 'comet-answer comet-live-text' }, head, settled, tail));
    }
    return this.live;
  }

  /** @param {import('./messages').Paint} paint */
  paint({ head, add, tail }) {
    const isDue = this.due !== null;
    const before = this.due ?? { head: null, add: '', tail: '' };
    this.due = { head: head ?? before.head, add: before.add + add, tail };
    if (!isDue) {
      requestAnimationFrame(() => this.put());
    }
  }

  /** Put on the page what came since the last frame. */
  put() {
    const { due } = this;
    this.due = null;
    if (due === null) {
      return;
    }
    const live = this.begin();
    if (due.head !== null) {
      live.head.innerHTML = due.head;
    }
    if (due.add) {
      live.settled.insertAdjacentHTML('beforeend', due.add);
    }
    live.tail.innerHTML = due.tail;
  }

  /** The buttons that fit the state. */
  equip() {
    if (!this.isOpen) {
      return;
    }
    const { turn, actions } = this;
    const text = this.known?.text ?? '';
    const made = [];
    if (turn.state === 'running') {
      made.push(button('stop', 'Stop', () => actions.stop(turn.id)));
    } else {
      if (text) {
        made.push(button('copy', 'Copy', () => actions.copy(text, this.body)));
        made.push(button('save', 'Save as a markdown cell', () => actions.save(turn, text)));
      }
      if (!this.isEarlier) {
        made.push(button('retry', 'Retry…', () => this.retry(), { 'aria-expanded': 'false' }));
        made.push(button('edit', 'Edit question', () => actions.edit(turn)));
        const words = turn.left_out ? 'Take in again' : 'Leave out';
        made.push(button(turn.left_out ? 'take' : 'leave', words, () => actions.leave(turn, !turn.left_out)));
      }
    }
    const focused = [...this.tools.children].indexOf(/** @type {Element} */ (document.activeElement));
    this.tools.replaceChildren(...made);
    if (focused >= 0) {
      made[Math.min(focused, made.length - 1)]?.focus();
    }
  }

  /** Show the settings for asking the same question again, or take them away. */
  retry() {
    const opener = /** @type {HTMLElement} */ (this.tools.querySelector('[aria-expanded]'));
    const close = () => {
      form.remove();
      opener.setAttribute('aria-expanded', 'false');
      opener.focus();
    };
    const shown = this.tools.querySelector('form');
    if (shown) {
      shown.remove();
      opener.setAttribute('aria-expanded', 'false');
      return;
    }
    const form = retryForm(this.actions.pickers, choices => this.actions.retry(this.turn, choices), close);
    opener.setAttribute('aria-expanded', 'true');
    this.tools.append(form);
    form.querySelector('select')?.focus();
  }
}
