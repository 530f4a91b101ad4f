// @ts-check
/**
 * The panel: the conversation above, the question below. An anywidget, so that it works wherever widgets do; where
 * JupyterLab's extension shows it, the extension takes what the panel tells (`tell` in dom.js) and does it better.
 */

import { Composer } from './composer.js';
import { button, element, icon, tell } from './dom.js';
import { Log } from './log.js';
import { Notices } from './notices.js';
import { Spend } from './settings.js';
import { transcript } from './transcript.js';
import { Transport } from './transport.js';

const STATES = {
  running: 'The answer is coming.',
  complete: 'The answer is complete.',
  partial: 'The answer is not complete.',
  stopped: 'Stopped.',
  refused: 'The model declined.',
  failed: 'No answer came.'
};

/** What is being typed, by panel: a view may be drawn anew, or another one opened at the side. @type {Map<unknown, string>} */
const drafts = new Map();

class Panel {
  /** @param {import('./messages').Model} model */
  constructor(model) {
    this.model = model;
    this.view = Math.random().toString(36).slice(2, 12);
    this.root = element('section', { class: 'comet-panel', 'aria-label': 'Ask gpt' });
    this.notices = new Notices();
    this.transport = new Transport(this.root, model, isWaiting => this.wait(isWaiting));
    this.composer = new Composer(this.transport, this.notices, this.view);
    this.log = new Log(this.actions());
    this.spend = new Spend();
    this.greeting = this.transport.next();
    /** @type {(message: import('./messages').FromKernel) => void} */
    this.receive = message => this.take(message);
    const detail = () => ({ panel: model.get('panel') });
    this.dock = button('dock', 'Dock', () => tell(this.root, 'dock', detail()), { title: 'Show at the side', hidden: true });
    const fresh = () => this.transport.send({ type: 'new' });
    const begin = button('new', 'New', fresh, { title: 'Begin a new conversation' });
    const head = element('header', { class: 'comet-head' }, this.spend.node, begin, this.dock);
    this.root.append(head, this.log.node, this.notices.node, this.composer.node, this.notices.line);
    this.watch = this.guard();
    this.root.addEventListener('comet-magics:transcript', event => {
      const { detail } = /** @type {CustomEvent<{ html: string }>} */ (event);
      detail.html = transcript(detail.html, this.log.turns.values());
    });
  }

  /** What is pressed in here is not meant for the notebook around it, but for commands with Ctrl, Cmd or Alt. */
  guard() {
    /** @param {KeyboardEvent} event */
    const isOurs = event => event.key === 'Enter' || !(event.ctrlKey || event.metaKey || event.altKey);
    // Notebook 7 looks for shortcuts before an element hears of the key, and leaves out what has this attribute.
    /** @param {KeyboardEvent} event */
    const watch = event => {
      this.root.toggleAttribute('data-lm-suppress-shortcuts', isOurs(event));
    };
    window.addEventListener('keydown', watch, true);
    this.root.addEventListener('keydown', event => isOurs(event) && event.stopPropagation());
    return watch;
  }

  open() {
    const panel = this.model.get('panel');
    this.composer.prompt.put(drafts.get(panel) ?? '');
    this.composer.typed = text => drafts.set(panel, text);
    this.model.on('msg:custom', this.receive);
    // A moment later, when it stands where the extension hears it.
    setTimeout(() => this.transport.request(this.greeting, { type: 'hello', view: this.view }));
  }

  close() {
    this.model.off('msg:custom', this.receive);
    window.removeEventListener('keydown', this.watch, true);
    this.transport.dispose();
    this.composer.dispose();
    this.log.dispose();
  }

  /** @returns {import('./messages').TurnActions} what the buttons of a turn do */
  actions() {
    const { transport, composer } = this;
    return {
      pickers: composer.pickers,
      open: turn => transport.send({ type: 'open', turn, view: this.view }),
      stop: turn => transport.send({ type: 'stop', turn }),
      copy: text => this.copy(text),
      save: (turn, text) => this.save(turn, text),
      edit: turn => composer.edit(turn),
      retry: (turn, choices) => composer.retry(turn, choices),
      leave: (turn, out) => transport.send({ type: 'leave', turn: turn.id, out }),
      finished: (turn, node) => this.finished(turn, node)
    };
  }

  /** @param {import('./messages').FromKernel} message */
  take(message) {
    const { composer, log } = this;
    switch (message.type) {
      case 'state':
        if (message.view === this.view) {
          this.restore(message);
        }
        break;
      case 'settings':
        composer.pickers.show(message.settings);
        break;
      case 'status':
        this.spend.show(message.status);
        break;
      case 'chips':
        composer.chips.show(message.chips);
        break;
      case 'turn':
        this.show(message.turn);
        break;
      case 'paint':
        log.paint(message);
        break;
      case 'body':
        log.receive(message.turn, message);
        break;
      case 'estimate':
        composer.price(message.text, message.request);
        break;
      case 'accepted':
        composer.accepted(message.request);
        break;
      case 'notice':
        this.complain(message.request, message.text);
        break;
      case 'cleared':
        log.clear();
        break;
    }
  }

  /**
   * @param {number | null} request what it is about; other views know about theirs
   * @param {string} text
   */
  complain(request, text) {
    if (request !== null) {
      this.composer.refused(request);
    }
    if (request === null || this.transport.owns(request)) {
      this.notices.show(text);
    }
  }

  /** @param {import('./messages').State} state */
  restore(state) {
    this.transport.settled(this.greeting);
    this.composer.pickers.show(state.settings);
    this.composer.chips.show(state.chips);
    this.spend.show(state.status);
    const host = /** @type {HTMLElement | null} */ (this.root.closest('[data-comet-dock]'));
    if (host) {
      const label = host.dataset['cometDock'] ?? '';
      const isDocked = label === 'Close';
      this.dock.hidden = false;
      this.dock.title = isDocked ? 'Close; the conversation stays' : 'Show at the side';
      this.dock.replaceChildren(icon(isDocked ? 'close' : 'dock'), element('span', { class: 'comet-words' }, label));
    }
    for (const turn of state.turns) {
      this.log.show(turn);
      this.composer.prompt.remember(turn.question);
    }
    this.log.restore(state.bodies);
    this.ends();
  }

  /** @param {import('./messages').Turn} turn */
  show(turn) {
    const before = this.log.turns.get(turn.id)?.turn.state;
    if (before === undefined && turn.origin === 'panel') {
      this.log.follows = true;
    }
    this.log.show(turn);
    if (before !== turn.state && (before !== undefined || turn.state === 'running')) {
      this.notices.announce([STATES[turn.state], turn.error].filter(Boolean).join(' '));
    }
    this.ends();
  }

  /** Something began or ended. */
  ends() {
    const { stop } = this.composer;
    const hadFocus = document.activeElement === stop;
    stop.hidden = this.log.running.size === 0;
    if (hadFocus && stop.hidden) {
      this.composer.prompt.field.focus();
    }
  }

  /** @param {boolean} isWaiting */
  wait(isWaiting) {
    this.composer.waiting.hidden = !isWaiting;
  }

  /** @param {string} text */
  copy(text) {
    navigator.clipboard.writeText(text).then(
      () => this.notices.announce('Copied.'),
      () => this.notices.show('This page may not write to the clipboard.')
    );
  }

  /**
   * @param {import('./messages').Turn} turn
   * @param {string} text
   */
  save(turn, text) {
    const answer = String(turn.metadata?.['answer'] ?? turn.id);
    const model = String(turn.metadata?.['model'] ?? '');
    const cell = { kind: 'markdown', source: text.trimEnd(), block: `${answer}:-1`, model, checked: null, verdict: 'an answer' };
    if (tell(this.root, 'insert', { cells: [cell] })) {
      this.notices.announce('Saved as a cell.');
    } else {
      this.notices.show('Cells can’t be made from here. Copy the answer, or run %gpt_insert for its code.');
    }
  }

  /**
   * Have the extension put its buttons on the code and typeset formulas; else what works everywhere: copying.
   * @param {import('./messages').Turn} turn
   * @param {HTMLElement} node
   */
  finished(turn, node) {
    const metadata = turn.metadata ?? {};
    if (tell(node, 'answer', { metadata, answer: String(metadata['answer'] ?? turn.id) })) {
      return;
    }
    for (const pre of node.querySelectorAll('pre')) {
      const source = pre.textContent ?? '';
      const copy = button('copy', 'Copy code', () => this.copy(source), { title: 'Copy; %gpt_insert makes cells of it' });
      pre.before(element('div', { class: 'comet-copy' }, copy));
    }
  }
}

/** @param {{ model: import('./messages').Model, el: HTMLElement }} context anywidget's */
function render({ model, el }) {
  const panel = new Panel(model);
  el.append(panel.root);
  panel.open();
  return () => panel.close();
}

export default { render };
