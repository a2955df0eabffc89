import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import type { Workbench } from '../../core/workbench.ts';
import type { CompareSession } from '../../panels/compare/compare-session.ts';
import { listVersionChoices } from '../../panels/compare/version-choices.ts';
import type { CompareMethods } from '../../protocol/compare.ts';
import { openGenerated } from '../host/generated-documents.ts';
import { listModelChoices, pickModels } from '../models/model-choices.ts';
import type { FormMemory } from '../shell/form-memory.ts';
import { moveInDataset } from '../shell/input-sources.ts';
import { promptPanelHandlers } from '../shell/prompt-panel-handlers.ts';
import type { Handlers } from '../shell/serve.ts';
import { copyComparison } from './copy-comparison.ts';

/** The request handlers of the Compare webview. Each reads its params, calls the session or core, and replies. */
export function createCompareHandlers(
  { prompt, workbench, form }: { prompt: vscode.Uri; workbench: Workbench; form: FormMemory },
  session: CompareSession,
): Handlers<CompareMethods> {
  return {
    ...promptPanelHandlers(prompt, session, form),
    snapshot: () => ({ ...session.snapshot(), form: form.recall() }),
    'models.list': ({ refresh }) => listModelChoices(workbench, refresh),
    'dataset.step': ({ by }) => moveInDataset(session, (rows) => rows.step(by)),
    'dataset.goTo': ({ row }) => moveInDataset(session, (rows) => rows.goTo(row)),
    'comparison.copy': ({ format }) => copyComparison(session, format),
    'versions.list': () => listVersionChoices(workbench, session.source.path),
    'column.add': async ({ model, version }) => ({ columnId: await session.addColumn({ model, version }) }),
    'column.pick': async () => {
      for (const model of await pickModels(workbench)) await session.addColumn({ model });
    },
    'column.remove': ({ columnId }) => session.removeColumn(columnId),
    'column.duplicate': async ({ columnId }) => ({ columnId: await session.duplicateColumn(columnId) }),
    'column.set': ({ columnId, ...changes }) => session.setColumn(columnId, changes),
    'repeat.set': ({ repeat }) => session.setRepeat(repeat),
    'run.start': ({ columnId }) => session.start(columnId),
    'run.stop': ({ columnId }) => session.stop(columnId),
    'run.continue': ({ columnId, ...next }) => session.continueRun(columnId, next),
    'run.rate': ({ runId, rating, note }) => session.rate(runId, rating, note),
    'run.copy': async ({ runId }) => vscode.env.clipboard.writeText(session.runView(runId)?.text ?? ''),
    'run.copyCode': async ({ columnId, language }) => {
      await vscode.env.clipboard.writeText(await workbench.runs.asCode(await session.specOf(columnId), language));
      vscode.window.setStatusBarMessage(
        `$(check) Copied as ${CODE_NAMES[language]}. The key is read from the environment.`,
        5000,
      );
    },
    'dataset.evaluate': async () => {
      await vscode.commands.executeCommand('llmops.evaluation.runOnDataset', vscode.Uri.file(session.source.path));
    },
    'run.addCase': async ({ runId }) => {
      await vscode.commands.executeCommand('llmops.evaluation.addCase', { kind: 'run', run: { id: runId } });
    },
    'run.openRaw': ({ runId, what }) => openRaw(workbench, runId, what),
  };
}

const CODE_NAMES = { curl: 'curl', python: 'Python', typescript: 'TypeScript' };

async function openRaw(workbench: Workbench, runId: string, what: 'request' | 'response'): Promise<void> {
  const run = await workbench.store.runs.get(runId);
  const raw = what === 'request' ? run?.rawRequest : run?.rawResponse;
  if (raw === undefined) {
    throw new UserError(`The raw ${what} of this run was not recorded.`, {
      code: 'store',
      hint: 'Turn on llmops.runs.recordRaw and run again. The raw data of a run in progress is available when it ends.',
      action: { command: 'workbench.action.openSettings', title: 'Open Setting', args: ['llmops.runs.recordRaw'] },
    });
  }
  await openGenerated(`${run?.promptName ?? 'run'} ${what}.json`, JSON.stringify(raw, null, 2));
}
