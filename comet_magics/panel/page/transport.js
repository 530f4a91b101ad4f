// @ts-check
/**
 * The way to the kernel. JupyterLab's extension takes what is said to a comm of its own, which arrives while a cell
 * computes; elsewhere it goes over the widget's comm and may have to wait for the cell.
 */

import { tell } from './dom.js';

/** After this long without an answer the reader is told why. */
const PATIENCE_MILLISECONDS = 1000;

export class Transport {
  /**
   * @param {HTMLElement} root
   * @param {import('./messages').Model} model
   * @param {(isWaiting: boolean) => void} waiting
   */
  constructor(root, model, waiting) {
    this.root = root;
    this.model = model;
    this.waiting = waiting;
    /** @type {Map<number, number>} */
    this.timers = new Map();
    this.late = new Set();
    // Other views have other numbers: each is told of all requests.
    this.first = Math.floor(Math.random() * 2 ** 30) * 2 ** 20;
    this.last = this.first;
  }

  /** Whether it was this view that asked. @param {number} request */
  owns(request) {
    return this.first < request && request <= this.last;
  }

  /** @param {import('./messages').FromPanel} content */
  send(content) {
    if (!tell(this.root, 'send', { panel: this.model.get('panel'), content })) {
      this.model.send(content);
    }
  }

  /** The number of a new request. */
  next() {
    return ++this.last;
  }

  /**
   * Send what will be answered; `settled` ends the wait.
   * @param {number} request
   * @param {import('./messages').FromPanel} content
   */
  request(request, content) {
    const late = () => {
      this.late.add(request);
      this.waiting(true);
    };
    this.timers.set(request, window.setTimeout(late, PATIENCE_MILLISECONDS));
    this.send(content);
  }

  /** @param {number} request */
  settled(request) {
    window.clearTimeout(this.timers.get(request));
    this.timers.delete(request);
    if (this.late.delete(request) && this.late.size === 0) {
      this.waiting(false);
    }
  }

  dispose() {
    this.timers.forEach(timer => window.clearTimeout(timer));
    this.timers.clear();
  }
}
