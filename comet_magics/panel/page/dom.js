// @ts-check
/** Elements made of text: what a person or a model wrote never becomes markup here. */

/**
 * An element with attributes and children; `true` is an empty attribute, and false or null none at all.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | boolean | null>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) {
      made.setAttribute(name, value === true ? '' : value);
    }
  }
  made.append(...children);
  return made;
}

/** Shapes on a grid of 16 by 16, drawn as lines. */
const SHAPES = {
  ask: 'M8 13V3M3.5 7.5 8 3l4.5 4.5',
  close: 'M4 4l8 8M12 4l-8 8',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  dock: 'M2.5 3.5h11v9h-11zM10 3.5v9',
  down: 'M8 3v10M3.5 8.5 8 13l4.5-4.5',
  edit: 'M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3zM9.3 4.4l2.3 2.3',
  fold: 'M6 4l4 4-4 4',
  leave: 'M3 3l10 10M6.5 4.2A6 6 0 0 1 14 8a8 8 0 0 1-1.6 2.1M9.6 11.7A6 6 0 0 1 2 8a8 8 0 0 1 2.4-2.7',
  new: 'M8 3.5v9M3.5 8h9',
  retry: 'M13 8a5 5 0 1 1-1.6-3.7M13.2 2v3.2H10',
  save: 'M3 2.5h7l3 3v8H3zM5.5 8h5M5.5 10.7h5',
  stop: 'M4.5 4.5h7v7h-7z',
  take: 'M2 8a6.6 6.6 0 0 1 12 0A6.6 6.6 0 0 1 2 8zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z'
};

/** @param {keyof typeof SHAPES} name */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'comet-icon');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', SHAPES[name]);
  svg.append(path);
  return svg;
}

/**
 * A button with an icon and a label; the label is left to assistive technology and the tooltip where there is no room.
 * @param {keyof typeof SHAPES} shape
 * @param {string} label
 * @param {(event: MouseEvent) => void} press
 * @param {Record<string, string | boolean | null>} [attributes]
 */
export function button(shape, label, press, attributes = {}) {
  const words = element('span', { class: 'comet-words' }, label);
  const made = element('button', { type: 'button', title: label, ...attributes }, icon(shape), words);
  made.addEventListener('click', press);
  return made;
}

/**
 * Say something of the panel's to whoever shows it; true if it was taken.
 * @param {HTMLElement} node
 * @param {string} name
 * @param {object} detail
 */
export function tell(node, name, detail) {
  return !node.dispatchEvent(
    new CustomEvent(`comet-magics:${name}`, { detail, bubbles: true, cancelable: true, composed: true })
  );
}
