import type { PromptVersion } from '../../../core/versions/history/prompt-version.ts';
import type { BrokenRef } from '../../../core/versions/refs/broken-refs.ts';
import type { VersionResults } from '../../../core/versions/results/read-results.ts';
import { versionName } from '../../../core/versions/results/result-figures.ts';
import { EXIT } from '../../exit-codes.ts';
import { type Column, formatJson, formatTable, type Terminal } from '../../output/terminal.ts';
import { type VersionsHost, withPrompt } from './open-versions.ts';
import { figuresOf, movementOf } from './version-figures.ts';

export interface ListOptions {
  json?: boolean;
  limit: number;
  all?: boolean;
}

const COLUMNS: Column[] = [
  { title: 'VERSION' },
  { title: 'COMMIT' },
  { title: 'DATE' },
  { title: 'AUTHOR' },
  { title: 'LABELS' },
  { title: 'ANSWERS', align: 'right' },
  { title: 'SCHEMA', align: 'right' },
  { title: 'RATED', align: 'right' },
  { title: 'COST', align: 'right' },
  { title: 'TIME', align: 'right' },
  { title: 'CHANGE' },
];

/** `llmops versions list`: newest first, each with what its runs show against the version before. */
export function listVersions(written: string, options: ListOptions, host: VersionsHost): Promise<number> {
  return withPrompt(written, host, async ({ workbench, versions, file, terminal }) => {
    const [name, page, working] = await Promise.all([
      versions.names.nameOf(file),
      versions.history.list(file, { limit: options.limit, scope: options.all ? 'all' : 'branch' }),
      versions.saves.workingState(file),
    ]);
    const results = await versions.results.read(page.versions.map(({ contentHash }) => contentHash));
    const broken = [...page.broken, ...(await versions.history.brokenRefs(file))];
    if (options.json) {
      const rows = page.versions.map((version) => toJson(version, results.get(version.contentHash)));
      const { next, truncatedByShallowClone } = page;
      const more = next !== undefined;
      const notices = await workbench.storeNotices();
      const facts = {
        prompt: name,
        file,
        working: working.kind,
        versions: rows,
        more,
        truncatedByShallowClone,
        broken,
      };
      terminal.out(`${formatJson({ ...facts, notices }, 2)}\n`);
      return EXIT.ok;
    }
    print({ name, working: working.kind, versions: page.versions, results }, terminal);
    printBroken(broken, terminal);
    if (page.next !== undefined) terminal.err(`There are older ones: --limit ${options.limit * 2} shows more.\n`);
    if (page.truncatedByShallowClone) {
      terminal.err(
        'This clone is shallow, and history ends where it was cut off: git fetch --unshallow gets the rest.\n',
      );
    }
    return EXIT.ok;
  });
}

/** A row each, under the others: what it stands on is not there, so nothing else is known of it. */
export function printBroken(broken: readonly BrokenRef[], { out, err, style, clean }: Terminal): void {
  for (const { name, object } of broken) {
    out(`${style.red(clean(name))}  ${clean(object.slice(0, 7))}  broken: the object is missing\n`);
  }
  for (const { message, hint } of broken) err(`${message}\n${hint}\n`);
}

interface Listing {
  name: string;
  working: string;
  versions: PromptVersion[];
  results: Map<string, VersionResults>;
}

function print({ name, working, versions, results }: Listing, { out, style, clean }: Terminal): void {
  out(`${style.bold(clean(name))}${working === 'clean' ? '' : `  ${clean(workingText(working))}`}\n`);
  if (versions.length === 0) {
    out('No version yet: llmops versions save FILE saves the first.\n');
    return;
  }
  const known = versions.map(({ contentHash }) => results.get(contentHash));
  const rows = versions.map((version, index) => rowOf(version, known.slice(index)));
  out(formatTable(COLUMNS, rows, style.dim));
}

function workingText(kind: string): string {
  if (kind === 'changed') return 'with changes that are not saved';
  return kind === 'untracked' ? 'not in git yet' : kind;
}

/** `results` begins with those of the version itself; those of older ones follow. */
function rowOf(version: PromptVersion, [own, ...older]: readonly (VersionResults | undefined)[]): string[] {
  const cells = figuresOf(own).map((figure, index) => {
    const before = older.find((other) => figuresOf(other)[index]?.value !== undefined);
    const { moved } = movementOf(figure, before, own);
    return moved && moved.arrow !== '=' ? `${figure.text} ${moved.arrow}` : figure.text;
  });
  const { subject, changed } = version;
  const partials = changed.partials.map((file) => file.split('/').at(-1));
  const via = !changed.prompt && partials.length > 0 ? ` (by ${partials.join(', ')})` : '';
  return [
    versionName(version),
    version.shortCommit,
    new Date(version.authoredAt).toISOString().slice(0, 10),
    version.author.name,
    version.labels.join(', '),
    ...cells,
    `${subject}${via}`,
  ];
}

function toJson(version: PromptVersion, results: VersionResults | undefined): Record<string, unknown> {
  const { savedAs, authoredAt, committedAt, ...rest } = version;
  return {
    name: versionName(version),
    ...rest,
    savedAs: savedAs.map(({ number }) => `v${number}`),
    authoredAt: new Date(authoredAt).toISOString(),
    committedAt: new Date(committedAt).toISOString(),
    results: results?.summary ?? null,
  };
}
