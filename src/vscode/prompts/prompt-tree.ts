import { bestScore, evaluationInWords, shortScore } from '../../core/versions/results/describe-evaluations.ts';
import type { EvalNote } from '../../core/versions/results/eval-notes.ts';
import { promptName } from '../../shared/prompt-name.ts';

/** The Prompts view without VS Code: which prompts are shown, in which order and in which folders. */

export type FileChange = 'changed' | 'untracked' | 'conflicted' | 'deleted';

export interface PromptEntry {
  /** Absolute path. */
  file: string;
  /** The workspace folder: its name and its absolute path. */
  folder: string;
  root: string;
  /** Path within the workspace folder, with `/`. */
  relative: string;
}

/** The git status, results and labels of a prompt. Undefined if not known yet. */
export interface PromptStatus {
  change: FileChange | undefined;
  labels: readonly string[];
  /** Number of the newest saved version. */
  newest: number | undefined;
  /** Epoch milliseconds of the last commit that changed it. */
  changedAt: number | undefined;
  /** For the current content of the file: mean cost in dollars, and schema validity from 0 to 1. */
  costUsd: number | undefined;
  /** Only demo models answered, which cost nothing. */
  isSimulated?: boolean;
  quality: number | undefined;
  /** Results of evaluations of the current content, the newest of each. */
  evaluations?: readonly EvalNote[] | undefined;
}

export const UNKNOWN_STATUS: PromptStatus = {
  change: undefined,
  labels: [],
  newest: undefined,
  changedAt: undefined,
  costUsd: undefined,
  quality: undefined,
};

export interface PromptFilter {
  text?: string;
  label?: string;
  changed?: boolean;
  unlabelled?: boolean;
}

export type PromptSort = 'name' | 'changed' | 'cost' | 'quality';

export interface PromptLeaf {
  kind: 'prompt';
  entry: PromptEntry;
}

export interface PromptFolder {
  kind: 'folder';
  /** Absolute path; the row's identity. */
  path: string;
  label: string;
  children: PromptBranch[];
}

export type PromptBranch = PromptFolder | PromptLeaf;

export function promptLabel({ relative }: PromptEntry): string {
  return promptName(relative);
}

export function isPartial(relative: string): boolean {
  return /(?:^|\/)_[^/]*$/.test(relative);
}

export function matchesFilter(entry: PromptEntry, status: PromptStatus, filter: PromptFilter): boolean {
  const words = filter.text?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
  const text = [entry.relative, ...status.labels].join(' ').toLowerCase();
  if (!words.every((word) => text.includes(word))) return false;
  if (filter.label !== undefined && !status.labels.includes(filter.label)) return false;
  if (filter.changed && status.change === undefined) return false;
  return !(filter.unlabelled && status.labels.length > 0);
}

/** Describes the filter. Undefined if nothing is filtered. */
export function describePromptFilter(filter: PromptFilter): string | undefined {
  const parts = [
    filter.text && `“${filter.text}”`,
    filter.label && `label ${filter.label}`,
    filter.changed && 'changed',
    filter.unlabelled && 'without a label',
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : undefined;
}

const names = new Intl.Collator(undefined, { numeric: true });

const byName = (a: PromptEntry, b: PromptEntry) =>
  names.compare(a.relative, b.relative) || names.compare(a.root, b.root);

/** Highest or latest first. Unknown values are last, by name. */
export function sortPrompts(
  entries: readonly PromptEntry[],
  statusOf: (entry: PromptEntry) => PromptStatus,
  sort: PromptSort,
): PromptEntry[] {
  const named = [...entries].sort(byName);
  if (sort === 'name') return named;
  const rank = (entry: PromptEntry): number => {
    const { changedAt, costUsd, quality, change, evaluations } = statusOf(entry);
    if (sort === 'changed') return change === undefined ? (changedAt ?? -Infinity) : Infinity;
    return (sort === 'cost' ? costUsd : (bestScore(evaluations) ?? quality)) ?? -Infinity;
  };
  return named.sort((a, b) => {
    const [first, second] = [rank(a), rank(b)];
    return first === second ? 0 : second - first;
  });
}

/**
 * Folders with their prompts, folders first. A chain of folders without other content is one row. With several
 * workspace folders, each is a row.
 */
export function foldPrompts(entries: readonly PromptEntry[]): PromptBranch[] {
  const roots = Map.groupBy([...entries].sort(byName), ({ root }) => root);
  if (roots.size <= 1) return foldLevel([...roots.values()][0] ?? [], '');
  return [...roots].map(([root, own]) => {
    const label = own[0]?.folder ?? root;
    return { kind: 'folder', path: root, label, children: foldLevel(own, '') };
  });
}

/** `entries` are sorted by name. */
function foldLevel(entries: readonly PromptEntry[], prefix: string): PromptBranch[] {
  const byFolder = Map.groupBy(entries, ({ relative }) => /^([^/]*)\//.exec(relative.slice(prefix.length))?.[1]);
  const leaves = byFolder.get(undefined) ?? [];
  return [
    ...[...byFolder].flatMap(([name, own]) => (name === undefined ? [] : [foldFolder(own, `${prefix}${name}/`, name)])),
    ...leaves.map((entry): PromptLeaf => ({ kind: 'prompt', entry })),
  ];
}

function foldFolder(entries: readonly PromptEntry[], prefix: string, label: string): PromptFolder {
  const children = foldLevel(entries, prefix);
  const [only] = children;
  if (children.length === 1 && only?.kind === 'folder') return { ...only, label: `${label}/${only.label}` };
  const root = entries[0]?.root ?? '';
  return { kind: 'folder', path: `${root}/${prefix.slice(0, -1)}`, label, children };
}

/** `v3 [production] +1 · 0.84 ▼ · changed`; empty if nothing is known. The score is left out if it comes first anyway. */
export function describePrompt(
  status: PromptStatus,
  { extra, hasScore = false }: { extra: string | undefined; hasScore?: boolean },
): string {
  const newest = status.newest === undefined ? undefined : `v${status.newest}`;
  const change = status.change && CHANGES[status.change];
  const version = [newest, shortLabels(status.labels)].filter(Boolean).join(' ');
  const score = hasScore ? undefined : shortScore(status.evaluations);
  return [version, score, change, extra].filter(Boolean).join(' · ');
}

/** The label that is shown first is usually the one in use. */
const IN_USE = /^(?:prod(?:uction)?|live|main|stable)$/i;

/** `[production] +1`: a row has room for one name, and the tooltip has the others. */
export function shortLabels(labels: readonly string[]): string | undefined {
  const first = labels.find((label) => IN_USE.test(label)) ?? labels[0];
  if (first === undefined) return undefined;
  return labels.length > 1 ? `[${first}] +${labels.length - 1}` : `[${first}]`;
}

export const CHANGES: Record<FileChange, string> = {
  changed: 'changed',
  untracked: 'not in git',
  conflicted: 'merge conflict',
  deleted: 'deleted',
};

export function promptAriaLabel(entry: PromptEntry, status: PromptStatus): string {
  const parts = [
    `prompt ${promptLabel(entry)}`,
    status.newest === undefined ? undefined : `latest version ${status.newest}`,
    status.labels.length > 0 && `labels ${status.labels.join(', ')}`,
    evaluationInWords(status.evaluations),
    status.change && CHANGES[status.change],
  ];
  return parts.filter(Boolean).join(', ');
}
