import { expect, test } from 'vitest';
import type { PromptVersion } from '../../../src/core/versions/history/prompt-version.ts';
import type { HistoryOptions } from '../../../src/core/versions/history/read-history.ts';
import type { Versions } from '../../../src/core/versions/versions.ts';
import { PAGE, PromptHistories } from '../../../src/vscode/prompts/prompt-histories.ts';

const version = (index: number) => ({
  commit: `c${index}`,
  shortCommit: `c${index}`,
  contentHash: `h${index}`,
  savedAs: [],
});

/** A history of this many versions; the cursor is the position of the next one. */
function openVersions(count: number) {
  const asked: HistoryOptions[] = [];
  const versions = {
    history: {
      async list(_file: string, options: HistoryOptions = {}) {
        asked.push(options);
        const from = Number(options.cursor ?? 0);
        const end = Math.min(count, from + (options.limit ?? 50));
        const page = Array.from(
          { length: end - from },
          (_, index) => version(from + index) as unknown as PromptVersion,
        );
        const next = end < count ? String(end) : undefined;
        return { versions: page, next, truncatedByShallowClone: false, broken: [] };
      },
      brokenRefs: async () => [],
    },
    saves: { workingState: async () => ({ kind: 'clean' }) },
    results: { read: async () => new Map(), readEvaluations: async () => new Map() },
  } as unknown as Versions;
  return { versions, asked };
}

test('a history grows by a page, reads only what is new, and knows each version’s predecessor', async () => {
  const { versions, asked } = openVersions(PAGE + 5);
  const histories = new PromptHistories();
  const first = await histories.read(versions, 'a');
  expect([first.rows.length, first.more]).toEqual([PAGE, true]);
  expect(first.rows[0]?.before?.name).toBe('c1');
  expect(first.rows.at(-1)).toMatchObject({ before: undefined, isFirst: false });

  histories.more('a');
  const second = await histories.read(versions, 'a');
  expect([second.rows.length, second.more]).toEqual([PAGE + 5, false]);
  expect(second.rows[PAGE - 1]?.before?.name).toBe(`c${PAGE}`);
  expect(second.rows.at(-1)).toMatchObject({ before: undefined, isFirst: true });
  expect(asked).toEqual([{ limit: PAGE }, { limit: PAGE, cursor: String(PAGE) }]);
});

test('what is shown stays after a change, and is dropped when the prompt is collapsed', async () => {
  const { versions, asked } = openVersions(3 * PAGE);
  const histories = new PromptHistories();
  await histories.read(versions, 'a');
  histories.more('a');
  await histories.read(versions, 'a');
  histories.invalidate();
  expect((await histories.read(versions, 'a')).rows).toHaveLength(2 * PAGE);
  expect(asked.at(-1)).toEqual({ limit: 2 * PAGE });

  histories.forget('a');
  expect((await histories.read(versions, 'a')).rows).toHaveLength(PAGE);
});

test('a short history is read once', async () => {
  const { versions, asked } = openVersions(2);
  const histories = new PromptHistories();
  await histories.read(versions, 'a');
  await histories.read(versions, 'a');
  expect(asked).toHaveLength(1);
});
