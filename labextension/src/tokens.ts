/**
 * Names that the rest of the extension, the settings file and the kernel agree on. No code.
 */

/** The version of the messages in messages.ts and notebook/messages.py. */
export const PROTOCOL = 1;

/** Comm targets that the kernel side registers, and the comm by which it can be found. */
export const CELLS_TARGET = 'comet_magics.cells';
export const REPLIES_TARGET = 'comet_magics.replies';
export const PRESENCE_TARGET = 'comet_magics.kernel';

/** An output of this type holds a panel: which widget it is, and which panel. */
export const PANEL_MIME = 'application/vnd.comet-magics.panel+json';
export const WIDGET_MIME = 'application/vnd.jupyter.widget-view+json';

/** The key of a cell's and an output's metadata. */
export const METADATA_KEY = 'comet_magics';

export const PLUGIN_ID = 'comet-magics:plugin';

export const CommandIDs = {
  ask: 'comet-magics:ask-about-cell',
  explainSelection: 'comet-magics:explain-selection',
  explainFrame: 'comet-magics:explain-dataframe',
  fix: 'comet-magics:fix-error',
  insert: 'comet-magics:insert-answer',
  stop: 'comet-magics:stop',
  effort: 'comet-magics:change-effort',
  panel: 'comet-magics:open-panel'
} as const;

/** Where a generated cell came from, in its metadata. */
export interface Mark {
  /** `ANSWER:INDEX` of the block. */
  readonly block: string;
  readonly model: string;
  /** Whether the code was checked before it came, null where nobody looked. */
  readonly checked: boolean | null;
  /** The verdict in words, empty if there is none. */
  readonly verdict: string;
  /** A hash of the source as it was generated. */
  readonly hash: string;
}

/** A cell to be made of a block. */
export interface NewCell {
  readonly kind: 'code' | 'markdown';
  readonly source: string;
  readonly block: string;
  readonly model: string;
  readonly checked: boolean | null;
  readonly verdict: string;
}
