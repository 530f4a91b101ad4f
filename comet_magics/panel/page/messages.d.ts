/** What page and kernel say to each other; the kernel's side is comet_magics/panel. Types only. */

export interface Choices {
  model: string;
  effort: string;
  verbosity: string;
  context: string;
}

export interface Settings extends Choices {
  models: string[];
  efforts: string[];
  verbosities: string[];
  contexts: string[];
}

export interface Status {
  spent_usd: number;
  at_most: boolean;
  requests: number;
  budget_usd: number | null;
}

/** A variable of the session: `about` says in a few words what it is. */
export interface Chip {
  name: string;
  about: string;
}

export type TurnState = 'running' | 'complete' | 'partial' | 'stopped' | 'refused' | 'failed';

export interface Turn {
  id: number;
  question: string;
  origin: 'panel' | 'cell';
  /** Where it was asked, as in `In [5]`; empty for the panel. */
  where: string;
  state: TurnState;
  left_out: boolean;
  /** How many pictures went along. */
  pictures: number;
  error: string;
  metadata: Record<string, unknown> | null;
}

/** An answer as HTML that our own renderer made, and as the markdown that it was made of. */
export interface Body {
  html: string;
  text: string;
}

/** What is new of an answer that is coming: `head` stands above the text and is null if it is as it was. */
export interface Paint {
  turn: number;
  head: string | null;
  add: string;
  tail: string;
}

export interface State {
  view: string;
  settings: Settings;
  status: Status;
  chips: Chip[];
  turns: Turn[];
  bodies: Record<string, Body>;
}

export type FromKernel =
  | ({ type: 'state' } & State)
  | { type: 'settings'; settings: Settings }
  | { type: 'status'; status: Status }
  | { type: 'chips'; chips: Chip[] }
  | { type: 'turn'; turn: Turn }
  | ({ type: 'paint' } & Paint)
  | ({ type: 'body'; turn: number } & Body)
  | { type: 'estimate'; request: number; text: string }
  | { type: 'accepted'; request: number; turn: number }
  | { type: 'notice'; request: number | null; text: string }
  | { type: 'cleared' };

export type FromPanel =
  | { type: 'hello'; view: string }
  | { type: 'ask'; request: number; text: string; images: string[]; choices: Choices; replaces: number | null }
  | { type: 'retry'; request: number; turn: number; choices: Choices }
  | { type: 'stop'; turn: number | null }
  | { type: 'new' }
  | { type: 'leave'; turn: number; out: boolean }
  | { type: 'choose'; name: keyof Choices; value: string }
  | { type: 'estimate'; request: number; text: string; images: number; choices: Choices }
  | { type: 'open'; turn: number; view: string }
  | { type: 'models' };

/** As much of anywidget's model as the panel needs. */
export interface Model {
  get(name: string): unknown;
  send(content: unknown): void;
  on(event: string, listener: (content: FromKernel) => void): void;
  off(event: string, listener: (content: FromKernel) => void): void;
}

/** What the buttons of a turn ask for. */
export interface TurnActions {
  open(turn: number): void;
  stop(turn: number): void;
  copy(text: string, node: HTMLElement): void;
  save(turn: Turn, text: string): void;
  edit(turn: Turn): void;
  retry(turn: Turn, choices: Choices): void;
  leave(turn: Turn, out: boolean): void;
  /** A finished answer is on the page. */
  finished(turn: Turn, node: HTMLElement): void;
  readonly pickers: import('./settings.js').Pickers;
}
