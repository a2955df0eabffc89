import type { ChatEvent } from '../chat-model.ts';

export type OmittedParts = ReturnType<typeof createOmittedParts>;

/** Counts what an answer contains besides text, so that one with only images does not look empty. */
export function createOmittedParts() {
  const counts = new Map<string, number>();
  return {
    /** `kind` as a reader would call it: image, audio, file. */
    add: (kind: string): void => void counts.set(kind, (counts.get(kind) ?? 0) + 1),
    get count(): number {
      return counts.size;
    },
    /** One warning at the end; none if the whole answer is shown. */
    end(hasText: boolean, out: ChatEvent[]): void {
      if (counts.size === 0) return;
      const what = [...counts].map(([kind, count]) => `${count} ${kind}${count === 1 ? '' : 's'}`).join(' and ');
      const message = hasText
        ? `The answer also contains ${what}, which cannot be shown here.`
        : `The answer has no text: it consists of ${what}, which cannot be shown here.`;
      out.push({ type: 'warning', warning: { code: 'answer-media', message } });
    },
  };
}
