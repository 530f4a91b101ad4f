/** `@name` in a `%%gpt` cell is completed from the live kernel; without one there is nothing to complete. */

import type { CompletionHandler, ICompletionContext, ICompletionProvider } from '@jupyterlab/completer';

const MENTION = /@([A-Za-z_]\w*(?:\.\w+)*\.?)?$/;
const QUESTION = /^\s*%{1,2}gpt\b/;

export class MentionCompleter implements ICompletionProvider {
  readonly identifier = 'comet-magics:mention';
  readonly renderer = null;
  readonly rank = 700;

  async isApplicable(context: ICompletionContext): Promise<boolean> {
    const source = context.editor?.model.sharedModel.getSource() ?? '';
    return QUESTION.test(source) && context.session?.kernel != null;
  }

  async fetch(
    request: CompletionHandler.IRequest,
    context: ICompletionContext
  ): Promise<CompletionHandler.ICompletionItemsReply> {
    const before = request.text.slice(0, request.offset);
    const mention = MENTION.exec(before);
    const kernel = context.session?.kernel;
    const nothing = { start: request.offset, end: request.offset, items: [] };
    if (!mention || !kernel) {
      return nothing;
    }
    const name = mention[1] ?? '';
    const { content } = await kernel.requestComplete({ code: name, cursor_pos: name.length });
    if (content.status !== 'ok') {
      return nothing;
    }
    const head = name.slice(0, content.cursor_start);
    const items = content.matches
      .filter(match => /^[\w.]+$/.test(match) && !match.startsWith('_'))
      .map(match => ({ label: head + match, insertText: head + match, type: 'instance' }));
    return { start: request.offset - name.length, end: request.offset, items };
  }

  shouldShowContinuousHint(visible: boolean, change: { sourceChange?: { insert?: unknown }[] }): boolean {
    return !visible && (change.sourceChange ?? []).some(part => part.insert === '@');
  }
}
