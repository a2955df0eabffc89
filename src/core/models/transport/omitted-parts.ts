import type { ChatEvent } from '../chat-model.ts';

/** Counts what an answer contains besides text, so that one with only images does not look empty. */
export interface OmittedParts {
  /** `kind` as a reader would call it: image, audio, file. */
  add(kind: string): void;
  readonly count: number;
  /** One warning at the end; none if the whole answer is shown. */
  end(hasText: boolean, out: ChatEvent[]): void;
}

export function createOmittedParts(): OmittedParts {
  const counts = new Map<string, number>();
  return {
    add: (kind) => void counts.set(kind, (counts.get(kind) ?? 0) + 1),
    get count() {
      return counts.size;
    },
    end(hasText, out) {
      if (counts.size === 0) return;
      const what = [...counts].map(([kind, count]) => `${count} ${kind}${count === 1 ? '' : 's'}`).join(' and ');
      const message = hasText
        ? `The answer also contains ${what}, which cannot be shown here.`
        : `The answer has no text: it consists of ${what}, which cannot be shown here.`;
      out.push({ type: 'warning', warning: { code: 'answer-media', message } });
    },
  };
}
