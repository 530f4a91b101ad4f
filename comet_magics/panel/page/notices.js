// @ts-check
/** What went wrong, in words, until it is put away; and what is said to those who do not see the panel. */

import { button, element } from './dom.js';

const MOST_NOTICES = 3;

export class Notices {
  constructor() {
    this.node = element('div', { class: 'comet-notices', role: 'alert' });
    this.line = element('p', { class: 'comet-hidden', role: 'status', 'aria-live': 'polite' });
  }

  /** @param {string} text */
  show(text) {
    const notice = element('div', { class: 'comet-notice' }, element('p', {}, text));
    notice.append(button('close', 'Dismiss', () => notice.remove(), { class: 'comet-remove' }));
    this.node.append(notice);
    while (this.node.children.length > MOST_NOTICES) {
      this.node.firstElementChild?.remove();
    }
  }

  /** Start, end and errors only: never each piece of text. @param {string} text */
  announce(text) {
    this.line.textContent = text;
  }
}
