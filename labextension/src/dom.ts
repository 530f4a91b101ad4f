/** Elements made of text only: nothing in the extension ever parses HTML. */

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

export function button(label: string, title: string, press: () => void): HTMLButtonElement {
  const made = element('button', 'comet-button', label);
  made.type = 'button';
  made.title = title;
  // The notebook would take the click as a wish to select the cell, and Enter as one to edit it.
  made.addEventListener('mousedown', event => event.stopPropagation());
  made.addEventListener('keydown', event => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.stopPropagation();
    }
  });
  made.addEventListener('click', event => {
    event.stopPropagation();
    press();
  });
  return made;
}
