/** The status bar's item: model, effort and what this session has spent; pressing it changes the first two. */

import { Widget } from '@lumino/widgets';
import { button } from './dom.js';
import type { StatusMessage } from './messages.js';

export class StatusItem extends Widget {
  constructor(press: () => void) {
    super();
    this.addClass('comet-status');
    this._button = button('', 'Change effort and model of %%gpt', press);
    this.node.append(this._button);
    this.hide();
  }

  display(status: StatusMessage | null): void {
    this.setHidden(status === null);
    if (status) {
      this._button.textContent = statusText(status);
      this._button.setAttribute('aria-label', `${statusText(status)} spent in this session. Change effort or model.`);
    }
  }

  private readonly _button: HTMLButtonElement;
}

export function statusText({ model, effort, spent_usd, at_most, requests }: StatusMessage): string {
  const spent = requests === 0 ? '$0' : `${at_most ? '≤ ' : ''}$${spent_usd.toFixed(spent_usd < 1 ? 4 : 2)}`;
  return `${model} · effort ${effort} · ${spent}`;
}
