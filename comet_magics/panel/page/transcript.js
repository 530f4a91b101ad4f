// @ts-check
/**
 * The conversation as HTML that needs no script, for the notebook's file. The kernel wrote one into the output, which
 * may be a few turns behind: what the page knows better takes its place, the rest stays.
 */

import { element } from './dom.js';

/**
 * @param {string} html the kernel's transcript, empty if there is none
 * @param {Iterable<import('./turn.js').TurnView>} turns
 */
export function transcript(html, turns) {
  // Nothing in a template is run or loaded.
  const template = document.createElement('template');
  template.innerHTML = html;
  const { content } = template;
  let all = content.querySelector('.comet-transcript');
  if (all === null) {
    all = element('div', { class: 'comet-answer comet-transcript' });
    content.replaceChildren(all);
  }
  const sections = new Map(
    [...all.children].flatMap(node => (node instanceof HTMLElement && node.dataset['turn'] ? [[node.dataset['turn'], node]] : []))
  );
  for (const view of turns) {
    const id = String(view.turn.id);
    const old = sections.get(id);
    if (view.known === null && old) {
      continue;
    }
    const made = section(view);
    if (old) {
      old.replaceWith(made);
    } else {
      all.append(made);
    }
  }
  return template.innerHTML;
}

/** @param {import('./turn.js').TurnView} view */
function section({ turn, known, live }) {
  const made = element('section', { 'data-turn': String(turn.id) });
  made.append(element('p', { class: 'comet-question' }, ...words(turn.question)));
  const answer = document.createElement('template');
  answer.innerHTML = known?.html ?? (live ? live.head.innerHTML + live.settled.innerHTML + live.tail.innerHTML : '');
  made.append(answer.content);
  if (turn.error) {
    made.append(element('p', { class: 'comet-note' }, ...words(turn.error)));
  }
  if (turn.state === 'running') {
    made.append(element('p', { class: 'comet-note' }, 'Not complete.'));
  }
  if (turn.left_out) {
    made.append(element('p', { class: 'comet-note' }, 'Not sent.'));
  }
  return made;
}

/**
 * Plain words, in which no front end finds a formula: those are looked for within one element at a time.
 * @param {string} text
 */
function words(text) {
  return text.split(/([$\\])/).map(part => (part === '$' || part === '\\' ? element('span', {}, part) : part));
}
