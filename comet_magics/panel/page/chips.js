// @ts-check
/**
 * The session's variables as a row of buttons, each of which mentions one. One stop for the Tab key: arrows go along
 * the row.
 */

import { element } from './dom.js';

const MOST_CHIPS = 100;

export class Chips {
  /** @param {(name: string) => void} mention */
  constructor(mention) {
    this.mention = mention;
    /** @type {import('./messages').Chip[]} */
    this.chips = [];
    this.prefix = '';
    this.node = element('div', { class: 'comet-chips', role: 'toolbar', 'aria-label': 'Mention a variable', hidden: true });
    this.node.addEventListener('keydown', event => this.walk(event));
  }

  /** @param {import('./messages').Chip[]} chips */
  show(chips) {
    const hadFocus = this.node.contains(document.activeElement);
    this.chips = chips;
    this.draw();
    if (hadFocus) {
      this.buttons()[0]?.focus();
    }
  }

  /**
   * Show only those that begin with `prefix`.
   * @param {string} prefix
   */
  filter(prefix) {
    if (prefix !== this.prefix) {
      this.prefix = prefix;
      this.draw();
    }
  }

  /** The first one that begins with the prefix, or null. */
  get first() {
    return this.matching()[0]?.name ?? null;
  }

  matching() {
    const wanted = this.prefix.toLowerCase();
    return this.chips.filter(({ name }) => name.toLowerCase().startsWith(wanted)).slice(0, MOST_CHIPS);
  }

  draw() {
    const chips = this.matching();
    this.node.hidden = chips.length === 0;
    this.node.classList.toggle('comet-filtered', this.prefix !== '');
    this.node.replaceChildren(
      ...chips.map(({ name, about }, index) => {
        const words = element('span', { class: 'comet-about' }, about);
        const chip = element('button', { type: 'button', class: 'comet-chip', tabindex: index === 0 ? '0' : '-1' }, name, words);
        chip.title = `Mention ${name} (${about})`;
        chip.addEventListener('click', () => this.mention(name));
        return chip;
      })
    );
  }

  buttons() {
    return /** @type {NodeListOf<HTMLButtonElement>} */ (this.node.querySelectorAll('button'));
  }

  /** @param {KeyboardEvent} event */
  walk(event) {
    const all = [...this.buttons()];
    const at = all.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const last = all.length - 1;
    const to = { ArrowRight: Math.min(at + 1, last), ArrowLeft: Math.max(at - 1, 0), Home: 0, End: last }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all.forEach((chip, index) => (chip.tabIndex = index === to ? 0 : -1));
      all[to]?.focus();
    }
  }
}
