import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import type { Workbench } from '../../core/workbench.ts';
import { compareChecks } from '../../panels/compare/compare-params.ts';
import type { CompareSession } from '../../panels/compare/compare-session.ts';
import { listVersionChoices } from '../../panels/compare/version-choices.ts';
import type { CompareMethods } from '../../protocol/compare.ts';
import { openGenerated } from '../host/generated-documents.ts';
import { listModelChoices, pickModels } from '../models/model-choices.ts';
import type { Handlers } from '../shell/serve.ts';
import { copyComparison } from './copy-comparison.ts';
import type { FormMemory } from './form-memory.ts';
import { goToDatasetRow, inputFromDataset, inputFromFile, stepDataset } from './input-sources.ts';

type Handle<Name extends keyof CompareMethods> = (
  params: CompareMethods[Name]['params'],
) => Promise<CompareMethods[Name]['result']> | CompareMethods[Name]['result'];

/** What the Compare webview's requests do. Each reads, calls the session or core, and answers. */
export function createCompareHandlers(
  session: CompareSession,
  workbench: Workbench,
  form: FormMemory,
): Handlers<CompareMethods> {
  const handles: { [Name in keyof CompareMethods]: Handle<Name> } = {
    snapshot: () => ({ ...session.snapshot(), form: form.recall() }),
    'form.set': (change) => form.remember(change),
    'models.list': ({ refresh }) => listModelChoices(workbench, refresh),
    'input.set': ({ input }) => session.setInput(input).then(nothing),
    'input.fromFile': () => inputFromFile(session),
    'input.fromDataset': () => inputFromDataset(session),
    'dataset.step': ({ by }) => stepDataset(session, by),
    'dataset.goTo': ({ row }) => goToDatasetRow(session, row),
    'comparison.copy': ({ format }) => copyComparison(session, format),
    'versions.list': () => listVersionChoices(workbench, session.source.path),
    'column.add': async ({ model, version }) => ({ columnId: await session.addColumn({ model, version }) }),
    'column.pick': async () => {
      for (const model of await pickModels(workbench)) await session.addColumn({ model });
      return undefined;
    },
    'column.remove': ({ columnId }) => session.removeColumn(columnId).then(nothing),
    'column.duplicate': async ({ columnId }) => ({ columnId: await session.duplicateColumn(columnId) }),
    'column.set': ({ columnId, ...changes }) => session.setColumn(columnId, changes).then(nothing),
    'repeat.set': ({ repeat }) => nothing(session.setRepeat(repeat)),
    'run.start': ({ columnId }) => session.start(columnId).then(nothing),
    'run.stop': ({ columnId }) => nothing(session.stop(columnId)),
    'run.continue': ({ columnId, ...next }) => session.continueRun(columnId, next).then(nothing),
    'run.rate': ({ runId, rating, note }) => session.rate(runId, rating, note).then(nothing),
    'run.copy': async ({ runId }) => {
      await vscode.env.clipboard.writeText(session.runView(runId)?.text ?? '');
      return undefined;
    },
    'run.copyCode': async ({ columnId, language }) => {
      await vscode.env.clipboard.writeText(await workbench.asCode(await session.specOf(columnId), language));
      vscode.window.setStatusBarMessage(
        `$(check) Copied as ${CODE_NAMES[language]}; the key is read from the environment.`,
        5000,
      );
      return undefined;
    },
    'run.openRaw': ({ runId, what }) => openRaw(workbench, runId, what),
    'action.run': async ({ command, args }) => {
      await vscode.commands.executeCommand(command, ...args);
      return undefined;
    },
    'prompt.open': ({ line, column }) => openPrompt(session.source.path, line, column),
    'link.open': async ({ url }) => {
      await vscode.env.openExternal(vscode.Uri.parse(url, true));
      return undefined;
    },
  };
  return Object.fromEntries(
    Object.entries(handles).map(([name, handle]) => [
      name,
      { check: compareChecks[name as keyof CompareMethods], handle },
    ]),
  ) as Handlers<CompareMethods>;
}

const CODE_NAMES = { curl: 'curl', python: 'Python', typescript: 'TypeScript' };

function nothing(_value: unknown): undefined {
  return undefined;
}

async function openRaw(workbench: Workbench, runId: string, what: 'request' | 'response'): Promise<undefined> {
  const store = await workbench.store();
  const run = await store.getRun(runId);
  const raw = what === 'request' ? run?.rawRequest : run?.rawResponse;
  if (raw === undefined) {
    throw new UserError(`The raw ${what} of this run was not kept.`, {
      code: 'store',
      hint: 'Turn on llmops.runs.recordRaw and run it again; a run that is still going is kept at its end.',
      action: { command: 'workbench.action.openSettings', title: 'Open Setting', args: ['llmops.runs.recordRaw'] },
    });
  }
  await openGenerated(`${run?.promptName ?? 'run'} ${what}.json`, JSON.stringify(raw, null, 2));
  return undefined;
}

async function openPrompt(path: string, line = 1, column = 1): Promise<undefined> {
  const position = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  const selection = new vscode.Range(position, position);
  await vscode.window.showTextDocument(vscode.Uri.file(path), { viewColumn: vscode.ViewColumn.One, selection });
  return undefined;
}
