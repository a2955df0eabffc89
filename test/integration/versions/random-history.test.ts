import { expect, it } from 'vitest';
import type { PromptVersion } from '../../../src/core/versions/history/prompt-version.ts';
import type { HistoryOptions } from '../../../src/core/versions/history/read-history.ts';
import type { Versions } from '../../../src/core/versions/versions.ts';
import { openVersions } from './open-versions.ts';
import { type PlainHistory, plainHistory, readPlainly } from './plain-history.ts';
import { type Clock, makeRandomHistory, type RandomHistory } from './random-history.ts';
import { createRepository } from './temporary-repository.ts';

/** More seeds and longer histories: LLMOPS_HISTORY_SEEDS=100 LLMOPS_HISTORY_COMMITS=600 */
const SEEDS = Number(process.env.LLMOPS_HISTORY_SEEDS ?? 1);
const COMMITS = Number(process.env.LLMOPS_HISTORY_COMMITS ?? 70);
const FIRST = Number(process.env.LLMOPS_HISTORY_FIRST ?? 1);
const CLOCKS: Clock[] = ['steady', 'ties', 'skewed'];

async function readAll(versions: Versions, file: string, options: HistoryOptions = {}): Promise<PromptVersion[]> {
  const all: PromptVersion[] = [];
  let cursor: string | undefined;
  do {
    const page = await versions.history.list(file, { ...options, ...(cursor ? { cursor } : {}) });
    all.push(...page.versions);
    cursor = page.next;
  } while (cursor);
  return all;
}

const keyOf = ({ commit, path }: { commit: string; path: string }) => `${commit}:${path}`;

/** Rows by definition, and those with a tag or a label. */
function expectedRows({ rows, nodes }: PlainHistory, { tags, labels }: RandomHistory): Set<string> {
  const pointed = [...tags, ...labels].map(keyOf).filter((key) => nodes.has(key));
  return new Set([...rows.map(keyOf), ...pointed]);
}

function outOfOrder(rows: readonly PromptVersion[], { ancestors }: PlainHistory): string[] {
  const wrong: string[] = [];
  const above = new Set<string>();
  for (const { commit, subject } of rows) {
    const older = ancestors(commit);
    for (const one of above) if (one !== commit && older.has(one)) wrong.push(`${one} above ${subject}`);
    above.add(commit);
  }
  return wrong;
}

for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1) {
  for (const clock of CLOCKS) {
    it(`agrees with git's plumbing on a random history: seed ${seed}, clock ${clock}`, {
      timeout: 300_000,
    }, async () => {
      using repository = createRepository();
      const history = makeRandomHistory(repository, { seed, commits: COMMITS, clock });
      const plain = readPlainly(repository);
      const tip = repository.git('rev-parse', 'HEAD');
      for (const path of history.prompts) {
        const expected = plainHistory(plain, tip, path);
        const wanted = expectedRows(expected, history);
        const file = `${repository.root}/${path}`;
        const versions = openVersions(repository);
        const whole = await readAll(versions, file, { limit: 10_000 });
        const what = `seed ${seed}, ${clock}, ${path}`;
        const found = whole.map(keyOf);
        expect({ missing: [...wanted].filter((key) => !found.includes(key)), what }).toEqual({ missing: [], what });
        expect({ more: found.filter((key) => !wanted.has(key)), what }).toEqual({ more: [], what });
        expect(found.length).toBe(wanted.size);
        const reached = expected.ancestors(tip);
        const contents = new Map(whole.map((row) => [row.contentHash, expected.nodes.get(keyOf(row))!.content]));
        expect(new Set(contents.values()).size).toBe(contents.size);
        for (const row of whole) {
          expect(contents.get(row.contentHash)).toBe(expected.nodes.get(keyOf(row))!.content);
          // for a tag on another commit, as after a rebase, a row with the same content is named after it
          for (const { commit } of row.savedAs) if (reached.has(commit)) expect(commit).toBe(row.commit);
        }
        const pages = await readAll(openVersions(repository), file, { limit: 9 });
        expect(pages.map(keyOf).sort()).toEqual(found.toSorted());
        // With wrong clocks, git does not report the place of a commit that changed nothing.
        const changing = new Set(expected.rows.map(keyOf));
        const ordered = clock === 'skewed' ? whole.filter((row) => changing.has(keyOf(row))) : whole;
        expect(outOfOrder(ordered, expected)).toEqual([]);
        if (clock === 'steady') {
          const dates = whole.map(({ committedAt }) => committedAt);
          expect(dates).toEqual(dates.toSorted((a, b) => b - a));
        }
      }
    });
  }
}
