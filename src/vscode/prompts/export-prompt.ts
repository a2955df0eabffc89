import path from 'node:path';
import * as vscode from 'vscode';
import { FALLBACK_MODEL } from '../../core/base/settings.ts';
import type { CodeLanguage } from '../../core/runs/export/request-as-code.ts';
import type { Workbench } from '../../core/workbench.ts';
import type { ChannelLog } from '../host/log.ts';
import { readSetting } from '../host/settings.ts';
import type { Workbenches } from '../host/workbenches.ts';
import { readWithProgress } from '../shell/job-progress.ts';
import { findPromptTarget, requireTrust } from '../shell/prompt-targets.ts';

interface ExportDeps {
  workbenches: Workbenches;
  log: ChannelLog;
}

interface Form extends vscode.QuickPickItem {
  language: CodeLanguage;
  fromFile: boolean;
}

const FORMS: Form[] = [
  { label: 'Python', description: 'contains the request, inputs are variables', language: 'python', fromFile: false },
  {
    label: 'Python, Reading the File',
    description: 'renders the .prompt file with dotpromptz',
    language: 'python',
    fromFile: true,
  },
  {
    label: 'TypeScript',
    description: 'contains the request, inputs are variables',
    language: 'typescript',
    fromFile: false,
  },
  {
    label: 'TypeScript, Reading the File',
    description: 'renders the .prompt file with dotprompt',
    language: 'typescript',
    fromFile: true,
  },
  { label: 'curl', description: 'one request with the default inputs', language: 'curl', fromFile: false },
];
const ENDINGS: Record<CodeLanguage, string> = { python: 'py', typescript: 'mts', curl: 'sh' };
const COPY = { label: '$(copy) Copy', save: false };
const SAVE = { label: '$(save) Save to File…', save: true };

/** Asks for a language and a destination, and copies or saves the prompt as code. */
export async function exportPrompt(deps: ExportDeps, target: unknown): Promise<void> {
  requireTrust();
  const uri = await findPromptTarget(target, 'Copy or Save Prompt as Code');
  if (!uri) return;
  const model = await chooseModel(deps, uri);
  const chosen = model && (await chooseForm(uri));
  if (!chosen) return;
  const { form, place, isSaved } = chosen;
  const code = await readWithProgress('Generating code', () =>
    writeCode(deps, { uri, model, form, folder: path.dirname(place.fsPath) }),
  );
  if (isSaved) {
    await vscode.workspace.fs.writeFile(place, Buffer.from(code));
    await vscode.window.showTextDocument(place);
  } else {
    await vscode.env.clipboard.writeText(code);
    vscode.window.setStatusBarMessage('$(check) Copied the prompt as code.', 5000);
  }
}

async function chooseForm(uri: vscode.Uri): Promise<{ form: Form; place: vscode.Uri; isSaved: boolean } | undefined> {
  const title = 'Copy or Save Prompt as Code';
  const form = await vscode.window.showQuickPick(FORMS, { title, placeHolder: 'Select a language' });
  const where =
    form && (await vscode.window.showQuickPick([COPY, SAVE], { title, placeHolder: 'Copy or save the code' }));
  if (!where) return undefined;
  const beside = uri.with({ path: uri.path.replace(/\.prompt$/, `.${ENDINGS[form.language]}`) });
  const place = where.save ? await vscode.window.showSaveDialog({ defaultUri: beside }) : beside;
  return place && { form, place, isSaved: where.save };
}

/** The model of the prompt. Asks for another one if it has no API that a program could call. */
async function chooseModel({ workbenches }: ExportDeps, uri: vscode.Uri): Promise<string | undefined> {
  const workbench = await workbenches.for(uri);
  const document = await vscode.workspace.openTextDocument(uri);
  const { prompt } = await workbench.prompts.load(uri.fsPath, document.getText());
  const { resolveModel } = await import('../../core/prompts/resolve-model.ts');
  const settingDefault = readSetting('defaultModel', uri);
  const { ref } = resolveModel({ file: prompt.model?.text, settingDefault, fallback: FALLBACK_MODEL });
  const hasApi = await findCallable(workbench);
  if (hasApi(ref)) return ref;
  const title = `${ref} has no API: select a model for the code`;
  const { listModelChoices, pickModel } = await import('../models/model-choices.ts');
  const listed = await listModelChoices(workbench, false);
  return listed.some((choice) => hasApi(choice.ref)) ? pickModel(workbench, title, hasApi) : askForModel(title, hasApi);
}

/** Returns whether a program can call a model, which it cannot for models of the demo and of VS Code. */
async function findCallable({ models }: Workbench): Promise<(ref: string) => boolean> {
  const connections = await models.connections();
  const without = connections.flatMap(({ connection: { id, type } }) => {
    return type === 'demo' || type === 'vscode' ? [id] : [];
  });
  return (ref) => !without.includes(connectionOf(ref));
}

function connectionOf(ref: string): string {
  return ref.split('/', 1)[0] ?? ref;
}

/** Without a key no provider lists its models, but code can be generated anyway. */
async function askForModel(title: string, hasApi: (ref: string) => boolean): Promise<string | undefined> {
  const typed = await vscode.window.showInputBox({
    title,
    prompt: 'No models are listed yet. Enter the model as connection/model.',
    placeHolder: 'openai/gpt-5-mini',
    validateInput: (text) =>
      /^[^/\s]+\/\S+$/.test(text.trim()) && hasApi(text.trim())
        ? undefined
        : 'Enter connection/model, such as anthropic/claude-sonnet-4-5.',
  });
  return typed?.trim();
}

interface Export {
  uri: vscode.Uri;
  model: string;
  form: Form;
  /** The folder of the program. */
  folder: string;
}

async function writeCode({ workbenches, log }: ExportDeps, { uri, model, form, folder }: Export): Promise<string> {
  const [workbench, { promptAsCode, relativePrompt }, { preparePromptProgram }] = await Promise.all([
    workbenches.for(uri),
    import('../../core/runs/export/prompt-as-code.ts'),
    import('../../core/runs/export/prompt-program.ts'),
  ]);
  const document = await vscode.workspace.openTextDocument(uri);
  const { prompt } = await workbench.prompts.load(uri.fsPath, document.getText());
  const { connection } = await workbench.models.connection(connectionOf(model));
  const program = await preparePromptProgram(prompt, { model, connection }, workbench);
  const file = form.fromFile ? relativePrompt(uri.fsPath, folder) : undefined;
  return promptAsCode({ ...program, file }, { language: form.language, log });
}
