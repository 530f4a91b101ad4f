// @ts-check
/**
 * The box that a question is written in: sending, the history of questions, a question that is edited, and names that
 * are completed. Promise: what was typed is there until the kernel has said that it has it; walking through the history
 * and editing a question keep the draft.
 */

import { element } from './dom.js';

const MENTION = /(^|[\s([{,;:'"])@([\p{L}_][\p{L}\p{N}_]*)$/u;
const MOST_QUESTIONS = 200;

export class Prompt {
  /**
   * @param {{
   *   ask: () => void,
   *   changed: () => void,
   *   left: () => void,
   *   completing: (prefix: string) => string | null
   * }} actions `completing` is told what of a name has been typed, and says which one the Tab key would take
   */
  constructor(actions) {
    this.actions = actions;
    this.field = element('textarea', { class: 'comet-field', rows: '3', spellcheck: 'true', placeholder: 'Ask about this notebook' });
    this.field.setAttribute('aria-keyshortcuts', 'Shift+Enter Control+Enter Meta+Enter');
    this.node = element('label', { class: 'comet-prompt' }, element('span', { class: 'comet-hidden' }, 'Question'), this.field);
    /** @type {string[]} */
    this.history = [];
    /** Where in the history the reader is; its end is the draft. */
    this.at = 0;
    this.draft = '';
    this.isEditing = false;
    /** @type {string | null} */
    this.offered = null;
    this.dismissed = '';
    this.field.addEventListener('keydown', event => this.press(event));
    this.field.addEventListener('input', () => {
      if (this.at !== this.history.length) {
        // An earlier question is changed: the draft becomes one that can be found again.
        this.remember(this.draft);
        this.at = this.history.length;
      }
      this.typed();
    });
    this.field.addEventListener('blur', () => this.offer(''));
    this.field.addEventListener('click', () => this.offer(this.prefix()));
  }

  get text() {
    return this.field.value;
  }

  /** @param {string} question */
  remember(question) {
    if (question.trim() && this.history.at(-1) !== question) {
      this.history.push(question);
      this.history.splice(0, this.history.length - MOST_QUESTIONS);
    }
    this.at = this.history.length;
  }

  /**
   * `text` has arrived: take it out of the box, but nothing that was typed since.
   * @param {string} text
   */
  sent(text) {
    if (this.text.startsWith(text)) {
      this.put(this.isEditing ? this.draft : this.text.slice(text.length).trimStart());
    }
    this.isEditing = false;
    this.draft = '';
  }

  /** @param {string} question */
  edit(question) {
    if (!this.isEditing) {
      this.draft = this.at === this.history.length ? this.text : this.draft;
    }
    this.isEditing = true;
    this.put(question);
    this.field.focus();
  }

  leaveEdit() {
    if (this.isEditing) {
      this.isEditing = false;
      this.put(this.draft);
      this.actions.left();
    }
  }

  /**
   * Put `@name ` where the cursor is, in place of what of it has been typed.
   * @param {string} name
   */
  mention(name) {
    const { field } = this;
    const before = field.value.slice(0, field.selectionStart);
    const typed = MENTION.exec(before);
    const start = typed ? before.length - (typed[2] ?? '').length - 1 : before.length;
    const space = start > 0 && !typed && !/\s$/.test(before) ? ' ' : '';
    field.setRangeText(`${space}@${name} `, start, field.selectionEnd, 'end');
    field.focus();
    this.typed();
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.isComposing) {
      return;
    }
    const bare = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === 'Enter' && (event.shiftKey || event.ctrlKey || event.metaKey)) {
      this.actions.ask();
    } else if (event.key === 'Tab' && bare && this.offered !== null) {
      this.mention(this.offered);
    } else if (event.key === 'Escape' && this.offered !== null) {
      this.dismissed = this.prefix();
      this.offer('');
    } else if (event.key === 'Escape' && this.isEditing) {
      this.leaveEdit();
    } else if (event.key === 'ArrowUp' && bare && this.isAtEdge('start')) {
      this.walk(-1);
    } else if (event.key === 'ArrowDown' && bare && this.isAtEdge('end')) {
      this.walk(1);
    } else {
      return;
    }
    event.preventDefault();
  }

  /** @param {1 | -1} step */
  walk(step) {
    const to = this.at + step;
    if (this.isEditing || to < 0 || to > this.history.length) {
      return;
    }
    if (this.at === this.history.length) {
      this.draft = this.text;
    }
    this.at = to;
    this.put(this.history[to] ?? this.draft);
  }

  /** @param {string} text */
  put(text) {
    this.field.value = text;
    this.field.setSelectionRange(text.length, text.length);
    this.field.scrollTop = this.field.scrollHeight;
    this.typed();
  }

  typed() {
    this.offer(this.prefix());
    this.actions.changed();
  }

  prefix() {
    const { value, selectionStart, selectionEnd } = this.field;
    const found = selectionStart === selectionEnd ? MENTION.exec(value.slice(0, selectionStart)) : null;
    return found?.[2] ?? '';
  }

  /** @param {string} prefix */
  offer(prefix) {
    const shown = prefix === this.dismissed ? '' : prefix;
    this.dismissed = shown === '' ? this.dismissed : '';
    const first = this.actions.completing(shown);
    this.offered = shown === '' ? null : first;
  }

  /**
   * Whether the cursor is in the first or the last line as it is shown, long lines being wrapped.
   * @param {'start' | 'end'} edge
   */
  isAtEdge(edge) {
    const { value, selectionStart, selectionEnd } = this.field;
    if (selectionStart !== selectionEnd) {
      return false;
    }
    const beyond = edge === 'start' ? value.slice(0, selectionStart) : value.slice(selectionStart);
    if (beyond.includes('\n')) {
      return false;
    }
    const to = this.height(value.slice(0, selectionStart));
    return to === (edge === 'start' ? this.height('') : this.height(value));
  }

  /**
   * How high the field's box would have to be for `text`.
   * @param {string} text
   */
  height(text) {
    const twin = /** @type {HTMLTextAreaElement} */ (this.field.cloneNode());
    twin.className += ' comet-twin';
    twin.rows = 1;
    twin.value = text;
    this.node.append(twin);
    twin.style.width = `${this.field.clientWidth}px`;
    const { scrollHeight } = twin;
    twin.remove();
    return scrollHeight;
  }
}
