// @ts-check
/**
 * The pictures that go along with the question: pasted or dropped, made small enough, shown with a button that takes
 * them away again. What is no picture is said to be none, and nothing is sent before the question is.
 */

import { button, element } from './dom.js';

const KINDS = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
/** A longer side is scaled down: models see no more. */
const LONGEST_SIDE = 2048;
/** Characters of all pictures together: a message of 10 MB would drop the connection. */
const MOST_CHARACTERS = 7_000_000;
const LARGEST_FILE = 50_000_000;

export class Pictures {
  /**
   * @param {() => void} changed
   * @param {(text: string) => void} complain
   */
  constructor(changed, complain) {
    this.changed = changed;
    this.complain = complain;
    /** @type {string[]} */
    this.urls = [];
    this.node = element('ul', { class: 'comet-pictures', 'aria-label': 'Pictures that go along', hidden: true });
  }

  /**
   * Take files; those that are no pictures are named.
   * @param {Iterable<File>} files
   */
  async add(files) {
    for (const file of files) {
      const url = await this.read(file);
      if (url !== null) {
        this.urls.push(url);
        this.draw();
      }
    }
  }

  clear() {
    this.urls = [];
    this.draw();
  }

  /** @param {File} file */
  async read(file) {
    const name = file.name || 'What was pasted';
    if (!KINDS.includes(file.type) || file.size > LARGEST_FILE) {
      this.complain(
        KINDS.includes(file.type)
          ? `${name} is too large: 50 MB is the most.`
          : `${name} is not a picture that can be sent: PNG, JPEG, GIF and WebP can.`
      );
      return null;
    }
    try {
      const url = await fitted(file);
      if (this.urls.reduce((sum, other) => sum + other.length, url.length) <= MOST_CHARACTERS) {
        return url;
      }
      this.complain(`${name} was left out: the pictures of one question may have 5 MB together.`);
    } catch {
      this.complain(`${name} can't be read as a picture.`);
    }
    return null;
  }

  draw() {
    this.node.hidden = this.urls.length === 0;
    this.node.replaceChildren(
      ...this.urls.map((url, index) => {
        const name = `Picture ${index + 1}`;
        const remove = () => {
          this.urls.splice(index, 1);
          this.draw();
          const left = this.node.querySelectorAll('button');
          left[Math.min(index, left.length - 1)]?.focus();
        };
        const taken = button('close', `Remove picture ${index + 1}`, remove, { class: 'comet-remove' });
        return element('li', {}, element('img', { src: url, alt: name }), taken);
      })
    );
    this.changed();
  }
}

/**
 * The picture as a data URL, at most `LONGEST_SIDE` wide and high; as it is if it is small enough.
 * @param {File} file
 * @returns {Promise<string>}
 */
async function fitted(file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  if (scale === 1 && file.size < MOST_CHARACTERS / 2) {
    bitmap.close();
    return dataUrl(file);
  }
  const canvas = element('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const exact = canvas.toDataURL('image/png');
  // A photograph as PNG would be many times its size.
  return file.type === 'image/jpeg' || exact.length > MOST_CHARACTERS / 2 ? canvas.toDataURL('image/jpeg', 0.9) : exact;
}

/**
 * @param {Blob} blob
 * @returns {Promise<string>}
 */
function dataUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
