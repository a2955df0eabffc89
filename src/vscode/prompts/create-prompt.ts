import path from 'node:path';
import * as vscode from 'vscode';
import { LANGUAGE_ID } from '../host/contributions.ts';
import { plainLabel, plainMessage } from '../host/plain-text.ts';
import { streamWorkspaceFile } from '../host/workspace-files.ts';

interface TemplateItem extends vscode.QuickPickItem {
  id: string;
}

/** The templates by ID: files in media/templates, except for the examples, which are generated from a dataset. */
const TEMPLATES: readonly TemplateItem[] = [
  { id: 'chat', label: '$(comment-discussion) Chat', detail: 'Answers a question, with the conversation history' },
  { id: 'json-extraction', label: '$(json) JSON Extraction', detail: 'Extracts data from a text into a schema' },
  { id: 'classification', label: '$(tag) Classification', detail: 'Picks one of a few classes and gives a reason' },
  {
    id: 'rag-answer',
    label: '$(library) RAG Answer',
    detail: 'Answers from retrieved passages and cites them by number',
  },
  {
    id: 'few-shot',
    label: '$(table) Few-Shot from Dataset…',
    detail: 'Uses rows of a JSONL, CSV or TSV file as examples',
  },
  { id: 'judge', label: '$(law) Judge', detail: 'Scores an answer against criteria' },
];

/**
 * Opens an unsaved document from a template. Nothing is written until the user saves it. False if the user cancelled.
 */
export async function createPrompt(extensionUri: vscode.Uri, template?: unknown): Promise<boolean> {
  const named = TEMPLATES.find(({ id }) => id === template);
  const picked =
    named ??
    (await vscode.window.showQuickPick(TEMPLATES, {
      title: 'New Prompt File',
      placeHolder: 'Select a template',
      matchOnDetail: true,
    }));
  if (!picked) return false;
  const content = picked.id === 'few-shot' ? await fewShot() : await readTemplate(extensionUri, picked.id);
  if (content === undefined) return false;
  const document = await vscode.workspace.openTextDocument({ language: LANGUAGE_ID, content });
  await vscode.window.showTextDocument(document);
  return true;
}

async function readTemplate(extensionUri: vscode.Uri, id: string): Promise<string> {
  const file = vscode.Uri.joinPath(extensionUri, 'media', 'templates', `${id}.prompt`);
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
}

async function fewShot(): Promise<string | undefined> {
  const { fewShotPrompt, SAMPLE_ROWS } = await import('../../core/prompts/few-shot.ts');
  const found = await vscode.workspace.findFiles('**/*.{jsonl,csv,tsv}', '**/{node_modules,.llmops}/**', 200);
  if (!found.length) return fewShotPrompt(SAMPLE_ROWS);
  const items = found.map((uri) => ({ label: plainLabel(vscode.workspace.asRelativePath(uri)), uri }));
  const picked = await vscode.window.showQuickPick<vscode.QuickPickItem & { uri?: vscode.Uri }>(
    [...items, { label: '$(lightbulb) Sample Examples' }],
    {
      title: 'Few-Shot Examples',
      placeHolder: 'Select a dataset. Its first rows are the examples, its last column is the answer',
    },
  );
  if (!picked) return undefined;
  if (!picked.uri) return fewShotPrompt(SAMPLE_ROWS);
  const { readFirstRows } = await import('../../core/datasets/read-rows.ts');
  const onNotice = (text: string) => void vscode.window.showWarningMessage(plainMessage(text));
  const name = path.basename(picked.uri.fsPath);
  return fewShotPrompt(await readFirstRows(name, streamWorkspaceFile(picked.uri), { limit: 5, onNotice }));
}
