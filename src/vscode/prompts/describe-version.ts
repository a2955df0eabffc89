import type { PromptVersion } from '../../core/versions/history/prompt-version.ts';
import {
  changesByModel,
  isOnlyModel,
  NOISE_RULE,
  onlyChange,
  shortModel,
} from '../../core/versions/results/compare-results.ts';
import {
  evaluationInWords,
  evaluationTable,
  shortEvaluation,
  shortScore,
} from '../../core/versions/results/describe-evaluations.ts';
import type { EvalNote } from '../../core/versions/results/eval-notes.ts';
import type { VersionResults } from '../../core/versions/results/read-results.ts';
import {
  arrowOf,
  type FigureChange,
  meanCostText,
  meanMs,
  meanUsd,
  ratingsText,
  schemaShare,
} from '../../core/versions/results/result-figures.ts';
import type { WorkingState } from '../../core/versions/save/working-state.ts';
import { ageInWords, ageOf } from '../../shared/age.ts';
import { formatDuration, formatPercent, formatUsd, UNKNOWN } from '../../shared/format.ts';
import { promptName } from '../../shared/prompt-name.ts';
import { markSimulated } from '../../shared/simulated-cost.ts';
import { type PromptSort, type PromptStatus, shortLabels } from './prompt-tree.ts';

/** The data of one row of a history. `before` has the results of the previous version. */
export interface VersionRow {
  version: PromptVersion;
  results: VersionResults | undefined;
  /** The newest result of each evaluation of this content. */
  evaluations?: readonly EvalNote[] | undefined;
  before: { name: string; results: VersionResults | undefined } | undefined;
  /** The prompt's first version. For the last row of a page, the previous version is on the next page. */
  isFirst: boolean;
}

/** The cost change, if one model answered the same inputs in both versions. With several models, each has its own. */
export function costChangeOf(row: VersionRow): CostChange | undefined {
  const { results, before } = row;
  const only = onlyChange(changesByModel('cost', results, before?.results));
  if (!only?.change) return undefined;
  const isAlone = isOnlyModel(only.model, results, before?.results);
  const { change, isBeyondNoise } = only;
  return { ...change, isBeyondNoise, model: isAlone ? undefined : shortModel(only.model) };
}

interface CostChange extends FigureChange {
  /** Undefined if no other model answered. */
  model: string | undefined;
  isBeyondNoise: boolean;
}

/**
 * Why this is a version if the prompt's own text did not change: another partial or another name. The partials of the
 * first version are not mentioned.
 */
export function whatChanged({ changed }: Pick<PromptVersion, 'changed'>, isFirst = false): string | undefined {
  const partials = isFirst ? [] : changed.partials.map(promptName);
  const noun = partials.length === 1 ? 'partial' : 'partials';
  const parts = [
    partials.length > 0 && `${changed.prompt ? 'also ' : ''}${noun} ${partials.join(', ')} changed`,
    changed.renamedFrom !== undefined && `renamed from ${changed.renamedFrom}`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : undefined;
}

/** The results of a version, short: `schema 96%`, `rated +3 −1`, `$0.0012 ▲ 12%`; a dash if nothing is known. */
export function describeResults(row: VersionRow): string {
  const { results } = row;
  const share = schemaShare(results);
  const rated = ratingsText(results);
  const change = costChangeOf(row);
  const cost = meanCostText(results, formatUsd);
  const parts = [
    share !== undefined && `schema ${formatPercent(share)}`,
    rated && `rated ${rated}`,
    cost !== undefined && [cost, change && shortChange(change)].filter(Boolean).join(' '),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(' · ') : UNKNOWN;
}

/** The same, as short as possible for a row: `✓100% $0.0012 ▲12% +3 −1`. */
function shortResults(row: VersionRow): string | undefined {
  const { results } = row;
  const share = schemaShare(results);
  const cost = shortCost(results);
  const change = costChangeOf(row);
  const arrow = change?.isBeyondNoise && `${arrowOf(change)}${change.amount}`;
  const parts = [
    share !== undefined && `✓${formatPercent(share)}`,
    cost !== undefined && [cost, arrow].filter(Boolean).join(' '),
    ratingsText(results),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(' ') : undefined;
}

/** `$0.0012`, or `$0.0012 sim.` if only demo models answered. The tooltip has the full text. */
function shortCost(results: VersionResults | undefined): string | undefined {
  const cost = meanUsd(results);
  if (!results || cost === undefined) return undefined;
  const { demo, done } = results.summary;
  if (demo === 0) return formatUsd(cost);
  return `${formatUsd(cost)} ${demo >= done ? 'sim.' : 'partly sim.'}`;
}

/** `▲ 20%`, or `(gpt-6 ▲ 20%)` if other models answered too. */
function shortChange(change: CostChange): string {
  const text = [arrowOf(change), change.direction !== 'same' && change.amount].filter(Boolean).join(' ');
  return change.model === undefined ? text : `(${change.model} ${text})`;
}

/**
 * The description after the name of a version. A side bar has room for about thirty characters: results and labels
 * first. The tooltip has the full text.
 */
export function describeVersion(row: VersionRow, now: number): string {
  const { version } = row;
  const results = [shortEvaluation(row.evaluations), shortResults(row)].filter(Boolean).join(' ') || undefined;
  const parts = [
    [results, shortLabels(version.labels)].filter(Boolean).join(' '),
    version.subject,
    whatChanged(version, row.isFirst),
    version.author.name,
    ageOf(version.authoredAt, now),
    results === undefined && UNKNOWN,
  ];
  return parts.filter(Boolean).join(' · ');
}

/** The figure that a prompt is sorted by, if it is known: a short form for its row, and a long one. */
export function sortFigure(status: PromptStatus, sort: PromptSort, now: number): SortFigure | undefined {
  const { changedAt, costUsd, isSimulated, quality, evaluations } = status;
  if (sort === 'changed' && changedAt !== undefined) {
    return { short: ageOf(changedAt, now), text: `changed ${ageInWords(changedAt, now)}` };
  }
  const score = sort === 'quality' ? shortScore(evaluations) : undefined;
  if (score !== undefined) return { short: score, text: undefined };
  if (sort === 'quality' && quality !== undefined) {
    return { short: `✓${formatPercent(quality)}`, text: `schema valid in ${formatPercent(quality)} of answers` };
  }
  if (sort === 'cost' && costUsd !== undefined) {
    const cost = formatUsd(costUsd);
    return isSimulated
      ? { short: `${cost} sim.`, text: `mean cost ${cost} (simulated)` }
      : { short: cost, text: `mean cost ${cost}` };
  }
  return undefined;
}

export interface SortFigure {
  short: string;
  /** Undefined if the text of the row says it in any order. */
  text: string | undefined;
}

/** The same for screen readers, without symbols or abbreviations. */
export function versionAriaLabel(row: VersionRow, now: number): string {
  const { version, results, before } = row;
  const newest = version.savedAs.at(-1);
  const share = schemaShare(results);
  const cost = meanCostText(results, formatUsd);
  const change = costChangeOf(row);
  const ratings = results?.summary.ratings;
  const parts = [
    newest ? `version ${newest.number}` : `commit ${version.shortCommit}, not saved as a version`,
    version.labels.length > 0 && `${version.labels.length === 1 ? 'label' : 'labels'} ${version.labels.join(', ')}`,
    version.subject,
    whatChanged(version, row.isFirst),
    `by ${version.author.name}, ${ageInWords(version.authoredAt, now)}`,
    evaluationInWords(row.evaluations),
    share === undefined ? undefined : `schema valid in ${formatPercent(share)} of answers`,
    ratings && ratings.up + ratings.down > 0 && `rated up ${ratings.up}, down ${ratings.down}`,
    cost === undefined
      ? 'cost unknown'
      : `mean cost ${cost}${change && before ? `, ${costInWords(change, before.name)}` : ''}`,
  ];
  return parts.filter(Boolean).join(', ');
}

/** `12% more than v2`. */
function changeInWords({ direction, amount }: FigureChange, before: string): string {
  if (direction === 'same') return `the same as ${before}`;
  if (amount.endsWith('×')) return `${amount.slice(0, -1)} times that of ${before}`;
  return `${amount} ${direction === 'up' ? 'more' : 'less'} than ${before}`;
}

/** `12% more than v2`, and the model if other models answered too. */
export function costInWords(change: CostChange, before: string): string {
  return `${change.model === undefined ? '' : `${change.model} `}${changeInWords(change, before)}`;
}

/** Compares cost by model. A mean over different models would compare the models, not the versions. */
function comparisonTable({ results, before }: VersionRow): [name: string, value: string][] {
  if (!before?.results || !results) return [];
  const known = meanUsd(results) !== undefined && meanUsd(before.results) !== undefined;
  const changes = changesByModel('cost', results, before.results);
  const others = before.results.summary.models.join(', ') || UNKNOWN;
  const rows = changes.map(({ model, simulated, inputs, before: from, now, change }): [string, string] => {
    const words = change ? `, ${changeInWords(change, before.name)}` : '';
    const same = `${inputs} ${inputs === 1 ? 'input' : 'inputs'} in common`;
    return [`Cost of ${model}`, `${formatUsd(from)} → ${markSimulated(formatUsd(now), simulated)}${words} (${same})`];
  });
  const none = known && rows.length === 0;
  return [
    ...rows,
    ...(none
      ? [['Compared', `not with ${before.name}: no model answered the same inputs for both`] as [string, string]]
      : []),
    ...(rows.length > 0 ? [['▲ ▼', NOISE_RULE] as [string, string]] : []),
    [`Models of ${before.name}`, others],
  ];
}

/** The lines of a version's tooltip, each with a name and a value. */
export function resultTable(row: VersionRow): [name: string, value: string][] {
  const { results, before } = row;
  const summary = results?.summary;
  const share = schemaShare(results);
  const change = costChangeOf(row);
  const cost = meanCostText(results, formatUsd) ?? UNKNOWN;
  const latency = meanMs(results);
  const answers = summary ? `${summary.done}${summary.failed > 0 ? `, ${summary.failed} failed` : ''}` : UNKNOWN;
  return [
    ['Answers', summary && summary.demo > 0 ? `${answers} (${summary.demo} from demo models)` : answers],
    ['Schema valid', share === undefined ? UNKNOWN : `${formatPercent(share)} of ${summary?.schema.checked}`],
    ['Ratings', ratingsText(results) ?? UNKNOWN],
    ['Mean cost', `${cost}${change && before ? `, ${costInWords(change, before.name)}` : ''}`],
    ['Mean time', formatDuration(latency)],
    ['Models', summary && summary.models.length > 0 ? summary.models.join(', ') : UNKNOWN],
    ...comparisonTable(row),
    ...evaluationTable(row.evaluations),
    ...(results && results.recorders > 1
      ? [['Recorded by', `${results.recorders} workspaces`] as [string, string]]
      : []),
    ...(results?.pending ? [['In git', 'not yet, recorded with the next save or push'] as [string, string]] : []),
  ];
}

/** Describes the differences from HEAD. */
export function describeWorking(state: WorkingState): string {
  const own = state.changed.filter((path) => path === state.path);
  const partials = state.changed.filter((path) => path !== state.path).map(promptName);
  switch (state.kind) {
    case 'clean':
      return 'no changes';
    case 'untracked':
      return 'not in git yet';
    case 'ignored':
      return 'ignored by git';
    case 'conflicted':
      return 'unresolved merge conflict';
    case 'deleted':
      return 'file deleted';
    case 'changed': {
      const what = [
        own.length > 0 && 'prompt',
        partials.length > 0 && `${partials.length === 1 ? 'partial' : 'partials'} ${partials.join(', ')}`,
      ].filter(Boolean);
      const staged = state.stagedDifferently.length > 0 ? ', staged differently' : '';
      return `${what.join(' and ') || 'content'} changed${staged}`;
    }
  }
}
