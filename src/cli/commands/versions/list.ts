import type { PromptVersion } from '../../../core/versions/history/prompt-version.ts';
import type { BrokenRef } from '../../../core/versions/refs/broken-refs.ts';
import { evaluationsToJson, shortEvaluation } from '../../../core/versions/results/describe-evaluations.ts';
import type { EvalNote } from '../../../core/versions/results/eval-notes.ts';
import type { VersionResults } from '../../../core/versions/results/read-results.ts';
import { versionName } from '../../../core/versions/results/result-figures.ts';
import { UNKNOWN } from '../../../shared/format.ts';
import type { CommandContext } from '../../context.ts';
import { formatDay, formatTable, left, right } from '../../output/table.ts';
import type { Terminal } from '../../output/terminal.ts';
import type { VersionsValues } from '../versions.ts';
import { figuresOf, movementOf } from './version-figures.ts';
import { withPrompt } from './with-prompt.ts';

const COLUMNS = [
  ...left('VERSION', 'COMMIT', 'DATE', 'AUTHOR', 'LABELS'),
  ...right('SCORE', 'ANSWERS', 'SCHEMA', 'RATED', 'COST', 'TIME'),
  ...left('CHANGE'),
];

/** `llmops versions list`: newest first, with results compared to the previous version. */
export function run({ prompt, limit, all }: VersionsValues['list'], context: CommandContext): Promise<void> {
  return withPrompt(prompt, context, async ({ workbench, versions, file, output }) => {
    const [name, page, { kind: working }] = await Promise.all([
      versions.names.nameOf(file),
      versions.history.list(file, { limit, scope: all ? 'all' : 'branch' }),
      versions.saves.workingState(file),
    ]);
    const { truncatedByShallowClone } = page;
    const hashes = page.versions.map(({ contentHash }) => contentHash);
    const [results, evaluations] = await Promise.all([
      versions.results.read(hashes),
      versions.results.readEvaluations(hashes),
    ]);
    const known = page.versions.map((version) => ({
      version,
      results: results.get(version.contentHash),
      evaluations: evaluations.get(version.contentHash),
    }));
    const broken = [...page.broken, ...(await versions.history.brokenRefs(file))];
    const more = page.next !== undefined;
    await output.print({
      json: async () => ({
        prompt: name,
        file,
        working,
        versions: known.map(toJson),
        more,
        truncatedByShallowClone,
        broken,
        notices: await workbench.store.notices(),
      }),
      text(terminal) {
        print({ name, working, known }, terminal);
        printBroken(broken, terminal);
        if (more) terminal.note(`Older versions are not shown. Use --limit ${limit * 2} to see more.`);
        if (truncatedByShallowClone) terminal.note(SHALLOW);
      },
    });
  });
}

const SHALLOW = 'This clone is shallow, so older versions are missing. Run git fetch --unshallow to get them.';

/** One row each, after the other rows. Nothing else is known, since the object is missing. */
export function printBroken(broken: readonly BrokenRef[], { out, note, style, clean }: Terminal): void {
  for (const { name, object } of broken) {
    out(`${style.red(clean(name))}  ${clean(object.slice(0, 7))}  broken: the object is missing\n`);
  }
  for (const { message, hint } of broken) note(`${message}\n${hint}`);
}

interface KnownVersion {
  version: PromptVersion;
  results: VersionResults | undefined;
  evaluations: readonly EvalNote[] | undefined;
}

interface Listing {
  name: string;
  working: string;
  known: readonly KnownVersion[];
}

function print({ name, working, known }: Listing, { out, style, clean }: Terminal): void {
  out(`${style.bold(clean(name))}${working === 'clean' ? '' : `  ${clean(workingText(working))}`}\n`);
  if (known.length === 0) {
    out('No versions yet. llmops versions save FILE saves the first one.\n');
    return;
  }
  const rows = known.map((one, index) => rowOf(one, known.slice(index + 1)));
  out(formatTable(COLUMNS, rows, style.dim));
}

function workingText(kind: string): string {
  if (kind === 'changed') return 'with uncommitted changes';
  return kind === 'untracked' ? 'not in git yet' : kind;
}

/** The results of the version itself come first, followed by those of older versions. */
function rowOf({ version, results: own, evaluations }: KnownVersion, older: readonly KnownVersion[]): string[] {
  const cells = figuresOf(own).map((figure, index) => {
    const before = older.find(({ results }) => figuresOf(results)[index]?.value !== undefined)?.results;
    const { moved } = movementOf(figure, before, own);
    return moved && moved.arrow !== '=' ? `${figure.text} ${moved.arrow}` : figure.text;
  });
  const { subject, changed } = version;
  const partials = changed.partials.map((file) => file.split('/').at(-1));
  const via = !changed.prompt && partials.length > 0 ? ` (through ${partials.join(', ')})` : '';
  return [
    versionName(version),
    version.shortCommit,
    formatDay(version.authoredAt),
    version.author.name,
    version.labels.join(', '),
    shortEvaluation(evaluations) ?? UNKNOWN,
    ...cells,
    `${subject}${via}`,
  ];
}

function toJson({ version, results, evaluations }: KnownVersion): Record<string, unknown> {
  const { savedAs, authoredAt, committedAt, ...rest } = version;
  return {
    name: versionName(version),
    ...rest,
    savedAs: savedAs.map(({ number }) => `v${number}`),
    authoredAt: new Date(authoredAt).toISOString(),
    committedAt: new Date(committedAt).toISOString(),
    results: results?.summary ?? null,
    evaluations: evaluationsToJson(evaluations),
  };
}
