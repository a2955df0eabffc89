import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import { requireTrust } from '../adapters/prompt-targets.ts';
import type { Workbenches } from '../adapters/workbenches.ts';
import { requireWritableInWorkspace } from '../adapters/workspace-files.ts';

const FILE_HEAD = `# Connections of this workspace, shared through git. Keys never stand here: "LLMOps: Set API Key" keeps them in the
# secret storage, and \${secret:name} in a header reads one from there.
`;

/** Asks for a URL and an id, and declares the server in llmops/connections.yaml, or in the user's settings. */
export async function addServer({ workbenches }: { workbenches: Workbenches }): Promise<void> {
  requireTrust();
  const baseUrl = await vscode.window.showInputBox({
    title: 'Add OpenAI-Compatible Server (1/2)',
    prompt: 'Its base URL, as its manual names it: for vLLM, TGI and LM Studio it usually ends in /v1.',
    placeHolder: 'http://127.0.0.1:8000/v1',
    ignoreFocusOut: true,
    validateInput: checkUrl,
  });
  if (!baseUrl) return;
  const workbench = await workbenches.for();
  const taken = new Set((await workbench.models.connections()).map(({ connection }) => connection.id));
  const id = await vscode.window.showInputBox({
    title: 'Add OpenAI-Compatible Server (2/2)',
    prompt: 'A short name; models are then written name/model.',
    value: suggestId(baseUrl, taken),
    ignoreFocusOut: true,
    validateInput: (value) => checkId(value, taken),
  });
  if (!id) return;
  const folder = workbenches.folderOf();
  await (folder ? declareInFile(folder, { id, baseUrl }) : declareInSettings({ id, baseUrl }));
  await workbench.models.reload();
  workbenches.modelsChanged();
  await vscode.commands.executeCommand('llmops.connection.test', id);
}

function checkUrl(value: string): string | undefined {
  if (!URL.canParse(value)) return 'This is not a URL; it begins with http:// or https://.';
  const { protocol, username } = new URL(value);
  if (protocol !== 'http:' && protocol !== 'https:') return 'The URL begins with http:// or https://.';
  return username ? `Leave the user name and password out; use a header with \${secret:name}.` : undefined;
}

function checkId(value: string, taken: Set<string>): string | undefined {
  if (!/^[a-z0-9][a-z0-9._-]*$/i.test(value)) return 'Use letters, digits, dots, dashes and underscores.';
  return taken.has(value) ? `There is a connection “${value}” already.` : undefined;
}

function suggestId(baseUrl: string, taken: Set<string>): string {
  const { hostname, port } = new URL(baseUrl);
  const host = /^(127\.|localhost$|\[)/.test(hostname) ? 'local' : (hostname.split('.')[0] ?? 'server');
  const known: Record<string, string> = { '8000': 'vllm', '1234': 'lm-studio', '11434': 'ollama', '8080': 'tgi' };
  const base = (host === 'local' ? (known[port] ?? 'local') : host).replace(/[^a-z0-9._-]/gi, '-');
  let id = base;
  for (let count = 2; taken.has(id); count++) id = `${base}-${count}`;
  return id;
}

interface Server {
  id: string;
  baseUrl: string;
}

function fileOf(folder: vscode.WorkspaceFolder): vscode.Uri {
  return vscode.Uri.joinPath(folder.uri, 'llmops', 'connections.yaml');
}

/** Adds to the file as an edit, so that comments and order stay and the user can undo it. */
async function declareInFile(folder: vscode.WorkspaceFolder, { id, baseUrl }: Server): Promise<void> {
  const document = await openConnectionsFile(folder);
  const { Document, parseDocument } = await import('yaml');
  const text = document.getText();
  const parsed = parseDocument(text);
  if (parsed.errors[0]) {
    throw new UserError(`llmops/connections.yaml is not valid YAML: ${parsed.errors[0].message}`, {
      code: 'invalid-connection',
      hint: 'Mend the file, then add the server again.',
    });
  }
  const entry = new Document({ [id]: { type: 'openai-compatible', baseUrl } }).toString();
  const end = document.lineAt(document.lineCount - 1).range.end;
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, end, `${text === '' || text.endsWith('\n') ? '' : '\n'}${entry}`);
  await vscode.workspace.applyEdit(edit);
  await document.save();
}

async function declareInSettings({ id, baseUrl }: Server): Promise<void> {
  const settings = vscode.workspace.getConfiguration('llmops');
  const connections = {
    ...settings.get<Record<string, unknown>>('connections'),
    [id]: { type: 'openai-compatible', baseUrl },
  };
  await settings.update('connections', connections, vscode.ConfigurationTarget.Global);
}

/** Opens llmops/connections.yaml, creating it with a comment where it does not exist. */
export async function openConnectionsFile(folder: vscode.WorkspaceFolder | undefined): Promise<vscode.TextDocument> {
  if (!folder) {
    throw new UserError('No folder is open, so there is no connections file.', {
      code: 'no-folder',
      hint: 'Open a folder, or declare the connection in your settings.',
      action: { command: 'workbench.action.openSettings', title: 'Open Settings', args: ['llmops.connections'] },
    });
  }
  const uri = fileOf(folder);
  const exists = await vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  // The file and its folder may be links of the repository: nothing is written through one that leads out.
  await requireWritableInWorkspace(uri);
  if (!exists) await vscode.workspace.fs.writeFile(uri, Buffer.from(FILE_HEAD));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}
