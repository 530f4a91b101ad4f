// @ts-check
/** The small form under an answer that asks the same question again with another effort or another model. */

import { button, element } from './dom.js';
import { fill, labelled } from './settings.js';

/**
 * @param {import('./settings.js').Pickers} pickers whose choices the form begins with
 * @param {(choices: import('./messages').Choices) => void} retry
 * @param {() => void} close
 */
export function retryForm(pickers, retry, close) {
  const effort = element('select');
  fill(effort, pickers.settings.efforts, pickers.choices.effort);
  const model = pickers.modelField();
  model.value = pickers.choices.model;
  const again = button('retry', 'Ask again', () => undefined, { type: 'submit' });
  const note = element('p', {}, 'This answer and what follows it stay here, but are no longer sent.');
  const form = element('form', { class: 'comet-retry' }, labelled('Effort', effort), labelled('Model', model), again, note);
  form.addEventListener('submit', event => {
    event.preventDefault();
    retry({ ...pickers.choices, effort: effort.value, model: model.value.trim() || pickers.choices.model });
    close();
  });
  form.addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      close();
    }
  });
  return form;
}
