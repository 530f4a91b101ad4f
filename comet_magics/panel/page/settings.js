// @ts-check
/** The pickers under the prompt, and what the session has spent. */

import { element } from './dom.js';

/** @typedef {import('./messages').Choices} Choices */
/** @typedef {import('./messages').Settings} Settings */

/** @type {[keyof Choices, string, 'efforts' | 'verbosities' | 'contexts'][]} */
const LISTS = [
  ['effort', 'Effort', 'efforts'],
  ['verbosity', 'Verbosity', 'verbosities'],
  ['context', 'Context', 'contexts']
];

export class Pickers {
  /**
   * @param {string} id unique on the page
   * @param {(name: keyof Choices, value: string) => void} choose
   * @param {() => void} wanted the list of models is about to be looked at
   */
  constructor(id, choose, wanted) {
    /** @type {Settings} */
    this.settings = { model: '', effort: '', verbosity: '', context: '', models: [], efforts: [], verbosities: [], contexts: [] };
    this.wanted = wanted;
    this.areWanted = false;
    this.models = element('datalist', { id: `comet-models-${id}` });
    this.model = this.modelField();
    this.model.addEventListener('change', () => {
      this.model.value = this.model.value.trim() || this.settings.model;
      choose('model', this.model.value);
    });
    this.node = element('div', { class: 'comet-pickers', role: 'group', 'aria-label': 'Settings' });
    this.node.append(labelled('Model', this.model, this.models));
    /** @type {Map<keyof Choices, HTMLSelectElement>} */
    this.lists = new Map();
    for (const [name, label] of LISTS) {
      const list = element('select');
      list.addEventListener('change', () => choose(name, list.value));
      this.lists.set(name, list);
      this.node.append(labelled(label, list));
    }
  }

  /** A field for a model's name, which offers those that the gateway has. */
  modelField() {
    const field = element('input', { list: this.models.id, autocomplete: 'off', spellcheck: 'false', size: '12' });
    field.value = this.settings.model;
    field.addEventListener('focus', () => {
      if (!this.areWanted) {
        this.areWanted = true;
        this.wanted();
      }
    });
    return field;
  }

  /** @returns {Choices} */
  get choices() {
    const value = (/** @type {keyof Choices} */ name) => this.lists.get(name)?.value ?? '';
    return {
      model: this.model.value.trim() || this.settings.model,
      effort: value('effort'),
      verbosity: value('verbosity'),
      context: value('context')
    };
  }

  /** @param {Settings} settings */
  show(settings) {
    this.settings = settings;
    // Not under the hands of somebody who is typing.
    if (this.model !== document.activeElement) {
      this.model.value = settings.model;
    }
    this.models.replaceChildren(...settings.models.map(value => element('option', { value })));
    for (const [name, , options] of LISTS) {
      fill(/** @type {HTMLSelectElement} */ (this.lists.get(name)), settings[options], settings[name]);
    }
  }
}

/**
 * @param {string} label
 * @param {...HTMLElement} controls
 */
export function labelled(label, ...controls) {
  // The words of a list's options are no part of its name.
  controls[0]?.setAttribute('aria-label', label);
  return element('label', { class: 'comet-labelled' }, element('span', {}, label), ...controls);
}

/**
 * Give a list its options; a value that is none of them becomes one.
 * @param {HTMLSelectElement} list
 * @param {string[]} options
 * @param {string} chosen
 */
export function fill(list, options, chosen) {
  const all = options.includes(chosen) ? options : [...options, chosen];
  if (all.join('\n') !== [...list.options].map(option => option.value).join('\n')) {
    list.replaceChildren(...all.map(value => element('option', { value }, value || 'default')));
  }
  list.value = chosen;
}

/** What was spent, beside a bar that fills up to the budget, if there is one. */
export class Spend {
  constructor() {
    this.words = element('span');
    this.bar = element('span', { class: 'comet-bar', 'aria-hidden': 'true' }, element('span'));
    this.node = element('div', { class: 'comet-spend' }, this.words, this.bar);
  }

  /** @param {import('./messages').Status} status */
  show(status) {
    const { spent_usd, budget_usd } = status;
    this.words.textContent = spendText(status);
    this.bar.hidden = budget_usd === null;
    const part = budget_usd ? Math.min(1, spent_usd / budget_usd) : 0;
    this.bar.style.setProperty('--comet-part', `${100 * part}%`);
    this.node.dataset['state'] = part >= 1 ? 'over' : part >= 0.8 ? 'near' : 'well';
  }
}

/** @param {import('./messages').Status} status */
export function spendText({ spent_usd, at_most, requests, budget_usd }) {
  const spent = requests === 0 ? '$0' : `${at_most ? '≤ ' : ''}${dollars(spent_usd)}`;
  return budget_usd === null ? `${spent} spent` : `${spent} of ${dollars(budget_usd)} spent`;
}

/** @param {number} amount */
function dollars(amount) {
  return `$${amount.toFixed(amount !== 0 && amount < 1 ? 4 : 2)}`;
}
