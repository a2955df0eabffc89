import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import type { RunFilter, RunSummary } from '../../core/store/runs/run-record.ts';
import type { Store } from '../../core/store/store.ts';
import { formatBytes, formatCount } from '../../shared/format.ts';
import type { ChannelLog } from '../host/log.ts';
import { plainLabel } from '../host/plain-text.ts';
import { readSetting } from '../host/settings.ts';
import type { Workbenches } from '../host/workbenches.ts';
import { type RunningJob, showJobProgress, USUALLY_SHORT } from '../shell/job-progress.ts';
import { requireTrust } from '../shell/prompt-targets.ts';
import type { WalkthroughSteps } from '../shell/walkthrough-steps.ts';
import { costOf } from './describe-run.ts';
import { type RunsView, runOf } from './runs-view.ts';

export interface RunsDeps {
  extensionUri: vscode.Uri;
  workbenches: Workbenches;
  steps: WalkthroughSteps;
  log: ChannelLog;
}

export interface RunHistoryDeps extends RunsDeps {
  view: RunsView;
}

export function createRunCommands(deps: RunHistoryDeps) {
  const { view, workbenches } = deps;
  const withRun =
    (title: string, action: (run: RunSummary, store: Store) => Promise<void>) => async (target: unknown) => {
      const store = await openStore(workbenches);
      const row = target === FOCUSED_ROW ? await view.focused() : target;
      if (target === FOCUSED_ROW && !runOf(row)) return;
      const run = runOf(row) ?? (await pickRun(store, title));
      if (run) await action(await currentRun(run, store), store);
    };
  return {
    'llmops.run.open': withRun('Open Run', (run) => openRun(deps, run)),
    'llmops.run.copyAnswer': withRun('Copy Answer', copyAnswer),
    'llmops.run.delete': withRun('Delete Run', (run, store) => deleteRun(deps, run, store)),
    'llmops.runs.filter': async () => filterRuns(view, await openStore(workbenches)),
    'llmops.runs.search': () => searchRuns(view),
    'llmops.runs.clearFilter': () => view.setFilter({}),
    'llmops.runs.refresh': () => view.refresh(),
    'llmops.runs.purge': async () => purgeRuns(deps, await openStore(workbenches)),
  };
}

/** The argument of keybindings of the view. Unlike a menu, a keybinding does not pass the row. */
const FOCUSED_ROW = 'focused';

/** A row shows the run as it was when the list was read. The run may have been deleted. */
async function currentRun(run: RunSummary, store: Store): Promise<RunSummary> {
  if (await store.runs.get(run.id)) return run;
  const when = new Date(run.startedAt).toLocaleString();
  throw new UserError(`The run of ${run.promptName} on ${run.model} (${when}) is no longer in the history.`, {
    code: 'store',
    hint: 'It was deleted, here or in another window.',
  });
}

async function openStore(workbenches: Workbenches): Promise<Store> {
  requireTrust();
  return (await workbenches.for()).store;
}

async function pickRun(store: Store, title: string): Promise<RunSummary | undefined> {
  const runs = await store.runs.list({ limit: 200 });
  if (!runs.length) {
    throw new UserError('This workspace has no runs yet.', {
      code: 'usage',
      hint: 'Run a prompt first.',
      action: { command: 'llmops.prompt.compare', title: 'Compare Models' },
    });
  }
  const { runIcon } = await import('./runs-items.ts');
  const items = runs.map((run) => ({
    label: plainLabel(run.promptName),
    iconPath: runIcon(run),
    description: `${plainLabel(run.model)} · ${new Date(run.startedAt).toLocaleString()} · ${costOf(run)}`,
    detail: plainLabel((run.text || (run.error?.message ?? '')).slice(0, 120)),
    run,
  }));
  const options = { title, placeHolder: 'Select a run', matchOnDescription: true, matchOnDetail: true };
  return (await vscode.window.showQuickPick(items, options))?.run;
}

/** Opens the comparison that a run was made in. */
export function openRun(deps: RunsDeps, { comparisonId, ...run }: RunSummary): Promise<void> {
  return showRuns(deps, run, { comparisonId });
}

/** Opens runs of one prompt side by side, even if they are from different comparisons. */
export async function compareRuns(deps: RunsDeps, runs: readonly RunSummary[]): Promise<void> {
  const [first] = runs;
  if (first) await showRuns(deps, first, { runIds: runs.map(({ id }) => id) });
}

type RunPrompt = Pick<RunSummary, 'promptPath' | 'promptName'>;

async function showRuns(
  deps: RunsDeps,
  run: RunPrompt,
  which: { comparisonId: string } | { runIds: string[] },
): Promise<void> {
  const uri = await promptOfRun(run);
  const { openComparePanel } = await import('../compare/compare-panel.ts');
  await openComparePanel(deps, { uri, ...which });
  deps.steps.done('history');
}

async function promptOfRun({ promptPath, promptName }: RunPrompt): Promise<vscode.Uri> {
  if (!promptPath) {
    throw new UserError(`The prompt “${promptName}” was never saved, so its comparison cannot be reopened.`, {
      code: 'store',
      hint: 'Copy the answer from the Runs view instead.',
    });
  }
  const uri = vscode.Uri.file(promptPath);
  await vscode.workspace.fs.stat(uri).then(undefined, () => {
    throw new UserError(`${promptPath} no longer exists.`, {
      code: 'store',
      hint: 'Restore the file from git if it was committed, or copy the answer from the Runs view.',
    });
  });
  return uri;
}

async function copyAnswer({ id }: RunSummary, store: Store): Promise<void> {
  const run = await store.runs.get(id);
  await vscode.env.clipboard.writeText(run?.text ?? '');
  vscode.window.setStatusBarMessage('$(check) Copied the answer.', 3000);
}

async function deleteRun({ workbenches }: RunHistoryDeps, run: RunSummary, store: Store): Promise<void> {
  const detail = `${run.model}, ${new Date(run.startedAt).toLocaleString()}. Its answer, figures and rating will be lost.`;
  const answer = await vscode.window.showWarningMessage(
    `Delete this run of ${run.promptName}?`,
    { modal: true, detail },
    'Delete',
  );
  if (!answer) return;
  await store.runs.delete([run.id]);
  workbenches.runsChanged();
}

const DAY_MS = 86_400_000;

type DistinctValues = Awaited<ReturnType<Store['runs']['distinctValues']>>;

/** The filters for runs, each with its values. */
const FILTERS: readonly { label: string; title: string; options(values: DistinctValues): FilterOption[] }[] = [
  {
    label: '$(file) Prompt…',
    title: 'Prompt',
    options: ({ promptPaths }) => promptPaths.map((file) => option(path.basename(file), { promptPath: file })),
  },
  {
    label: '$(server) Model…',
    title: 'Model',
    options: ({ models }) => models.map((model) => option(model, { model })),
  },
  { label: '$(calendar) Date…', title: 'Date', options: () => dateOptions() },
  { label: '$(thumbsup) Rating…', title: 'Rating', options: () => RATINGS },
  { label: '$(pass) State…', title: 'State', options: () => STATES },
];

async function filterRuns(view: RunsView, store: Store): Promise<void> {
  const by = await vscode.window.showQuickPick(FILTERS, {
    title: 'Filter Runs',
    placeHolder: 'Select what to filter by',
  });
  if (!by) return;
  const options = by.options(await store.runs.distinctValues());
  const picked = await vscode.window.showQuickPick(options, { title: `Filter Runs: ${by.title}` });
  if (picked) view.setFilter({ ...view.filter(), ...picked.filter });
}

interface FilterOption extends vscode.QuickPickItem {
  filter: Partial<RunFilter>;
}

function option(label: string, filter: Partial<RunFilter>): FilterOption {
  return {
    label: plainLabel(label),
    filter,
    ...(filter.promptPath ? { description: plainLabel(filter.promptPath) } : {}),
  };
}

const RATINGS = [
  option('Thumbs up', { rating: 'up' }),
  option('Thumbs down', { rating: 'down' }),
  option('Any rating', { rating: 'any' }),
];

const STATES = (['done', 'failed', 'stopped', 'interrupted'] as const).map((state) => option(state, { state }));

function dateOptions(): FilterOption[] {
  const today = new Date();
  const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate()).getTime();
  return [
    option('Today', { since: midnight }),
    option('Last 7 days', { since: midnight - 6 * DAY_MS }),
    option('Last 30 days', { since: midnight - 29 * DAY_MS }),
  ];
}

async function searchRuns(view: RunsView): Promise<void> {
  const search = await vscode.window.showInputBox({
    title: 'Search Runs',
    prompt: 'Search in answers and prompt names. Leave empty to show all runs.',
    value: view.filter().search ?? '',
  });
  if (search === undefined) return;
  const { search: _before, ...rest } = view.filter();
  view.setFilter(search.trim() ? { ...rest, search: search.trim() } : rest);
}

async function purgeRuns({ workbenches }: RunHistoryDeps, store: Store): Promise<void> {
  const keepRated = readSetting('runs.keepRated');
  const days = await askAge(store, keepRated);
  if (days === undefined) return;
  const purge = async ({ signal, report }: RunningJob) => {
    const options = { olderThan: Date.now() - days * DAY_MS, keepRated };
    const deleted = await store.during({ signal, onProgress: report }).runs.purge(options);
    return { deleted, isWhole: !signal.aborted };
  };
  const { deleted, isWhole } = await showJobProgress('Deleting runs', purge, USUALLY_SHORT);
  workbenches.runsChanged();
  const count = formatCount(deleted, 'run');
  void vscode.window.showInformationMessage(isWhole ? `Deleted ${count}.` : `Stopped: ${count} deleted.`);
}

/** The minimum age in days of the runs to delete. Undefined if the user cancelled. */
async function askAge(store: Store, keepRated: boolean): Promise<number | undefined> {
  const { sizeBytes, runs, path: file } = await store.status();
  const ages = [30, 7, 1, 0].map((days) => ({
    label: days ? `Older than ${days} ${days === 1 ? 'day' : 'days'}` : 'All runs',
    days,
  }));
  const placeHolder = `${formatCount(runs, 'run')}, ${formatBytes(sizeBytes)} in ${file}`;
  const picked = await vscode.window.showQuickPick(ages, { title: 'Delete Old Runs', placeHolder });
  if (!picked) return undefined;
  const detail = keepRated ? 'Rated runs and runs with a note will be kept.' : 'Rated runs will be deleted too.';
  const question = `Delete ${picked.label.toLowerCase()}?`;
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, 'Delete');
  return answer ? picked.days : undefined;
}
