import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../../core/base/errors.ts';
import type { JobContext } from '../../../core/jobs/job.ts';
import type { VersionResults } from '../../../core/versions/results/read-results.ts';
import type { CommandContext } from '../../context.ts';
import type { Terminal } from '../../output/terminal.ts';
import { withProgress } from '../../progress.ts';
import type { VersionsValues } from '../versions.ts';
import { toMarkdown } from './diff-markdown.ts';
import { diffChange, diffSides, type FilePatch, type PromptDiff, type Side } from './prompt-diff.ts';
import { figuresOf, modelLine, movementOf } from './version-figures.ts';
import { type OpenPrompt, type OpenVersions, withPrompt, withVersions } from './with-prompt.ts';

interface Comparison {
  base: string;
  head: string;
  diffs: PromptDiff[];
}

/**
 * `llmops versions diff`: compares a prompt with a version, two versions of a prompt, or all prompts of two revisions;
 * without arguments, all prompts that this branch changed.
 */
export async function run({ what }: VersionsValues['diff'], context: CommandContext): Promise<void> {
  const { base, head, diffs } = await compare(what, context);
  await context.output.print({
    json: () => ({ base, head, prompts: diffs.map(toJson) }),
    markdown: () => toMarkdown(diffs, { base, head }),
    text(terminal) {
      if (diffs.length === 0) terminal.print(`No prompts differ between ${base} and ${head}.`);
      for (const [index, diff] of diffs.entries()) {
        printDiff(diff, { heading: `${base} → ${head}`, first: index === 0 }, terminal);
      }
    },
  });
}

function compare(what: string | undefined, context: CommandContext): Promise<Comparison> {
  const range = what === undefined ? undefined : readRange(what);
  if (range) return withVersions(context, (open) => compareRevisions(open, range));
  if (what === undefined) return withVersions(context, compareBranch);
  const [, written = what, second] = existsSync(path.resolve(what))
    ? []
    : (/^([^@]+@.*?)\.\.([^@]*)$/s.exec(what) ?? []);
  return withPrompt(written, context, (open) => comparePrompt(open, second));
}

/** `BASE..HEAD`; a missing side is HEAD, as in git. Undefined for a prompt. */
function readRange(what: string): { base: string; head: string } | undefined {
  if (what.includes('@') || existsSync(path.resolve(what))) return undefined;
  const [, base, dots, head] = /^(.*?)(\.{2,})(.*)$/s.exec(what) ?? [];
  if (base === undefined || head === undefined || (base === '' && head === '')) return undefined;
  // a path such as ../a.prompt
  if (/^[\\/]/.test(head)) return undefined;
  if (dots === '..') return { base: base || 'HEAD', head: head || 'HEAD' };
  throw new UserError(`${what} has ${dots?.length} dots instead of 2.`, {
    code: 'usage',
    hint: 'Use BASE..HEAD. For the changes of a branch, use $(git merge-base main HEAD)..HEAD.',
  });
}

async function compareRevisions(
  open: OpenVersions,
  { base, head }: { base: string; head: string },
): Promise<Comparison> {
  const { changes, diffs } = await readChanges(open, base, head);
  const commitOf = (side: 'base' | 'head') => changes.map((change) => change[side]?.commit).find(Boolean);
  return { base: withCommit(base, commitOf('base')), head: withCommit(head, commitOf('head')), diffs };
}

/** Adds the commit to a report, since `HEAD` will be another commit later. */
function withCommit(ref: string, commit: string | undefined): string {
  return commit === undefined || commit.startsWith(ref) ? ref : `${ref} (${commit.slice(0, 10)})`;
}

async function compareBranch(open: OpenVersions): Promise<Comparison> {
  const since = await open.versions.history.mergeBase();
  const { diffs } = await readChanges(open, since?.base ?? 'HEAD', undefined);
  return { base: since?.upstream ?? 'HEAD', head: 'working copy', diffs };
}

async function readChanges(open: OpenVersions, base: string, head: string | undefined) {
  const { versions } = open;
  const work = ({ signal, report }: JobContext<never>) =>
    versions.history.readChanges(base, head, signal, (done, total) => report({ done, total }));
  const changed = await withProgress('Comparing prompts', work, open);
  const changes = changed.map(({ change }) => change);
  const hashes = changes.flatMap((change) => [change.base, change.head].flatMap((side) => side?.contentHash ?? []));
  const results = hashes.length > 0 ? await versions.results.read(hashes) : new Map<string, VersionResults>();
  return { changes, diffs: changed.map((one) => diffChange(one, results)) };
}

/** Compares the working file with HEAD or the specified version, or two versions. */
async function comparePrompt({ versions, file, version }: OpenPrompt, second: string | undefined): Promise<Comparison> {
  const base = version ?? (await versions.names.resolve(`${file}@HEAD`));
  const head = second ? await versions.names.resolve(`${file}@${second}`) : undefined;
  const content = head?.content ?? (await versions.saves.workingContent(file));
  const after: Side = { path: head?.path ?? base.path, content };
  const name = await versions.names.nameOf(file, content.source);
  const same = base.content.hash === content.hash;
  const results = await versions.results.read([base.content.hash, content.hash]);
  const diff = diffSides({ kind: 'changed', name, results }, [{ path: base.path, content: base.content }, after]);
  return { base: base.label, head: head?.label ?? 'working copy', diffs: same ? [] : [diff] };
}

function printDiff(
  diff: PromptDiff,
  { heading, first }: { heading: string; first: boolean },
  { out, print, style, clean }: Terminal,
): void {
  const { kind, name, path: file, oldPath, changes, patches } = diff;
  const from = oldPath === undefined ? '' : `, formerly ${inOneLine(oldPath)}`;
  const place = `${heading} · ${kind} · ${inOneLine(file)}${from}`;
  out(`${first ? '' : '\n'}${style.bold(clean(inOneLine(name)))}  ${style.dim(clean(place))}\n`);
  for (const { text } of changes) print(`  ${text.replaceAll('`', '')}`);
  for (const line of figureLines(diff)) print(`  ${line}`);
  for (const patch of patches) printPatch(patch, { out, style, clean });
}

function figureLines({ results: { base, head } }: PromptDiff): string[] {
  const before = figuresOf(base);
  return figuresOf(head).flatMap((figure, index) => {
    const other = before[index];
    if (!other || (figure.value === undefined && other.value === undefined)) return [];
    const { moved, models } = movementOf(figure, base, head);
    const line = `${figure.title}: ${other.text} → ${figure.text}${moved ? `  ${moved.text}` : ''}`;
    return [line, ...models.map((model) => `  ${modelLine(model)}`)];
  });
}

function printPatch(
  { oldPath = '/dev/null', path: file = '/dev/null', lines }: FilePatch,
  { out, style, clean }: Pick<Terminal, 'out' | 'style' | 'clean'>,
): void {
  out(`\n${style.dim(clean(`--- ${inOneLine(oldPath)}\n+++ ${inOneLine(file)}`))}\n`);
  for (const line of lines ?? [' The texts are too different to show a line-by-line diff.']) {
    const text = clean(line);
    if (line.startsWith('+')) out(`${style.green(text)}\n`);
    else if (line.startsWith('-')) out(`${style.red(text)}\n`);
    else out(`${line.startsWith('@@') ? style.dim(text) : text}\n`);
  }
}

/** Quotes a name that contains a line break, as git does: it must not look like a separate line. */
function inOneLine(name: string): string {
  return /[\r\n]/.test(name) ? JSON.stringify(name) : name;
}

function toJson({ results, patches, ...diff }: PromptDiff): Record<string, unknown> {
  const files = patches.map(({ lines, ...place }) => ({ ...place, patch: lines?.join('\n') ?? null }));
  const [base, head] = [results.base?.summary ?? null, results.head?.summary ?? null];
  return { ...diff, changes: diff.changes.map(({ kind, text }) => ({ kind, text })), files, results: { base, head } };
}
