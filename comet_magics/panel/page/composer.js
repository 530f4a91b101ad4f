// @ts-check
/** The lower half of the panel: variables, pictures, prompt, settings, the estimate and the buttons beside it. */

import { Chips } from './chips.js';
import { button, element } from './dom.js';
import { Pictures } from './pictures.js';
import { Prompt } from './prompt.js';
import { Pickers } from './settings.js';

const ESTIMATE_MILLISECONDS = 600;

export class Composer {
  /**
   * @param {import('./transport.js').Transport} transport
   * @param {import('./notices.js').Notices} notices
   * @param {string} view
   */
  constructor(transport, notices, view) {
    this.transport = transport;
    /** What was asked and not yet accepted, by request. @type {Map<number, string>} */
    this.asked = new Map();
    /** The turn whose question is edited. @type {number | null} */
    this.replaces = null;
    /** Told of what is in the box. @type {(text: string) => void} */
    this.typed = () => undefined;
    this.estimated = 0;
    this.timer = 0;
    this.chips = new Chips(name => this.prompt.mention(name));
    this.pictures = new Pictures(
      () => this.estimate(),
      text => notices.show(text)
    );
    this.prompt = new Prompt({
      ask: () => this.ask(),
      changed: () => this.estimate(),
      left: () => this.leaveEdit(),
      completing: prefix => {
        this.chips.filter(prefix);
        return this.chips.first;
      }
    });
    this.pickers = new Pickers(
      view,
      (name, value) => {
        transport.send({ type: 'choose', name, value });
        this.estimate();
      },
      () => transport.send({ type: 'models' })
    );
    const cancel = () => this.prompt.leaveEdit();
    const stop = () => transport.send({ type: 'stop', turn: null });
    const leave = button('close', 'Leave the question as it was', cancel, { class: 'comet-remove' });
    this.edits = element('p');
    this.editing = element('div', { class: 'comet-editing', hidden: true }, this.edits, leave);
    this.cost = element('p', { class: 'comet-estimate' });
    this.waiting = element('p', { class: 'comet-waiting', role: 'status', hidden: true }, 'Waiting for the running cell…');
    this.stop = button('stop', 'Stop', stop, { class: 'comet-stop', title: 'Stop all answers of this panel', hidden: true });
    this.send = button('ask', 'Ask', () => this.ask(), { class: 'comet-ask', title: 'Ask (Shift+Enter)' });
    const actions = element('div', { class: 'comet-actions' }, this.waiting, this.cost, this.stop, this.send);
    const box = element('div', { class: 'comet-box' }, this.pictures.node, this.prompt.node, actions);
    this.node = element('div', { class: 'comet-composer' }, this.editing, this.chips.node, box, this.pickers.node);
    this.takePictures();
  }

  /** Pictures that are pasted, or dropped anywhere on the panel. */
  takePictures() {
    const node = this.transport.root;
    node.addEventListener('paste', event => {
      const files = event.clipboardData?.files;
      // A copied cell of a spreadsheet is text and a picture of it: the text is meant.
      if (files?.length && !event.clipboardData?.getData('text/plain')) {
        event.preventDefault();
        void this.pictures.add([...files]);
      }
      event.stopPropagation();
    });
    node.addEventListener('dragover', event => {
      if (event.dataTransfer?.types.includes('Files')) {
        event.preventDefault();
        event.stopPropagation();
        node.classList.add('comet-dropping');
      }
    });
    node.addEventListener('dragleave', () => node.classList.remove('comet-dropping'));
    node.addEventListener('drop', event => {
      node.classList.remove('comet-dropping');
      if (event.dataTransfer?.files.length) {
        event.preventDefault();
        event.stopPropagation();
        void this.pictures.add([...event.dataTransfer.files]);
      }
    });
  }

  ask() {
    const { text } = this.prompt;
    if (!text.trim() || this.asked.size > 0) {
      this.prompt.field.focus();
      return;
    }
    const request = this.transport.next();
    this.asked.set(request, text);
    const { choices } = this.pickers;
    const images = [...this.pictures.urls];
    this.transport.request(request, { type: 'ask', request, text, images, choices, replaces: this.replaces });
  }

  /**
   * @param {import('./messages').Turn} turn
   * @param {import('./messages').Choices} choices
   */
  retry(turn, choices) {
    const request = this.transport.next();
    this.transport.request(request, { type: 'retry', request, turn: turn.id, choices });
  }

  /** The kernel has the question. @param {number} request */
  accepted(request) {
    this.transport.settled(request);
    const text = this.asked.get(request);
    if (text !== undefined) {
      this.asked.delete(request);
      this.leaveEdit();
      this.prompt.remember(text);
      this.prompt.sent(text);
      this.pictures.clear();
    }
  }

  /** The kernel does not take it: what was typed stays. @param {number} request */
  refused(request) {
    this.transport.settled(request);
    this.asked.delete(request);
  }

  /** @param {import('./messages').Turn} turn */
  edit(turn) {
    this.replaces = turn.id;
    const pictures = turn.pictures > 0 ? ' Its pictures go along again.' : '';
    this.edits.textContent = `Asks again from there: the old question and what follows it are no longer sent.${pictures}`;
    this.editing.hidden = false;
    this.prompt.edit(turn.question);
  }

  leaveEdit() {
    this.replaces = null;
    this.editing.hidden = true;
  }

  /** The question changed: ask for its price when the reader has stopped typing. */
  estimate() {
    this.typed(this.prompt.text);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      const { text } = this.prompt;
      this.estimated = this.transport.next();
      if (!text.trim()) {
        this.price('');
        return;
      }
      const { choices } = this.pickers;
      const images = this.pictures.urls.length;
      this.transport.send({ type: 'estimate', request: this.estimated, text, images, choices });
    }, ESTIMATE_MILLISECONDS);
  }

  /**
   * @param {string} text
   * @param {number} [request] of which question it is the price: only the newest counts
   */
  price(text, request = this.estimated) {
    if (request === this.estimated) {
      this.cost.textContent = text;
    }
  }

  dispose() {
    window.clearTimeout(this.timer);
  }
}
