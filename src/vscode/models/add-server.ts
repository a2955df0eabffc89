import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import type { ServerAddress } from '../../core/models/connections/server-address.ts';
import type { Workbenches } from '../host/workbenches.ts';
import { requireWritableInWorkspace } from '../host/workspace-files.ts';
import { requireTrust } from '../shell/prompt-targets.ts';

const FILE_HEAD = `# Connections of this workspace, shared through git. Do not put keys here: "LLMOps: Set API Key" stores them in the
# secret storage, and \${secret:name} in a header reads one from there.
`;

/**
 * Asks for an address and a name, adds the server to llmops/connections.yaml or to the user settings, and shows the new
 * entry. False if the user cancelled.
 */
export async function addServer({ workbenches }: { workbenches: Workbenches }): Promise<boolean> {
  requireTrust();
  const baseUrl = await askAddress();
  if (baseUrl === undefined) return false;
  const workbench = await workbenches.for();
  const taken = new Set((await workbench.models.connections()).map(({ connection }) => connection.id));
  const id = await vscode.window.showInputBox({
    title: 'Add OpenAI-Compatible Server (2/2)',
    prompt: `Enter a short name for ${baseUrl}. Models are written as name/model.`,
    value: suggestId(baseUrl, taken),
    ignoreFocusOut: true,
    validateInput: (value) => checkId(value, taken),
  });
  if (!id) return false;
  const folder = workbenches.folderOf();
  await (folder ? declareInFile(folder, { id, baseUrl }) : declareInSettings({ id, baseUrl }));
  await workbench.models.reload();
  workbenches.modelsChanged();
  // a server that does not respond is added anyway
  void vscode.commands.executeCommand('llmops.connection.test', id);
  return true;
}

async function askAddress(): Promise<string | undefined> {
  const { readServerAddress } = await import('../../core/models/connections/server-address.ts');
  const written = await vscode.window.showInputBox({
    title: 'Add OpenAI-Compatible Server (1/2)',
    prompt: 'Enter host:port or a URL. For vLLM, TGI, LM Studio and Ollama, the URL ends in /v1.',
    placeHolder: '127.0.0.1:11434',
    ignoreFocusOut: true,
    validateInput: (text) => describeAddress(readServerAddress(text), text.trim()),
  });
  if (written === undefined) return undefined;
  const address = readServerAddress(written);
  return 'baseUrl' in address ? address.baseUrl : undefined;
}

/** The problem, or else what was added to the text or may be missing, which is only information. */
function describeAddress(address: ServerAddress, text: string): string | vscode.InputBoxValidationMessage | undefined {
  if ('problem' in address) return address.problem;
  const info = (message: string) => ({ message, severity: vscode.InputBoxValidationSeverity.Info });
  const { baseUrl } = address;
  if (baseUrl !== text.replace(/\/+$/, '')) return info(`Requests will be sent to ${baseUrl}`);
  return new URL(baseUrl).pathname === '/' ? info(`Most servers provide their API at ${baseUrl}/v1`) : undefined;
}

function checkId(value: string, taken: Set<string>): string | undefined {
  if (!/^[a-z0-9][a-z0-9._-]*$/i.test(value)) return 'Use letters, digits, dots, dashes and underscores.';
  return taken.has(value) ? `A connection “${value}” already exists.` : undefined;
}

function suggestId(baseUrl: string, taken: Set<string>): string {
  const { hostname, port } = new URL(baseUrl);
  const known: Record<string, string> = { '8000': 'vllm', '1234': 'lm-studio', '11434': 'ollama', '8080': 'tgi' };
  const isLocal = /^(127\.|localhost$|\[)/.test(hostname);
  const isNumber = isLocal || /^[\d.]+$/.test(hostname);
  const name = isNumber ? (known[port] ?? (isLocal ? 'local' : 'server')) : (hostname.split('.')[0] ?? 'server');
  const base = name.replace(/[^a-z0-9._-]/gi, '-');
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

/** Adds the server to the file as an edit, so that comments and order are kept and the user can undo it. */
async function declareInFile(folder: vscode.WorkspaceFolder, { id, baseUrl }: Server): Promise<void> {
  const document = await openConnectionsFile(folder);
  const { Document, parseDocument } = await import('yaml');
  const text = document.getText();
  const parsed = parseDocument(text);
  if (parsed.errors[0]) {
    throw new UserError(`llmops/connections.yaml is not valid YAML: ${parsed.errors[0].message}`, {
      code: 'invalid-connection',
      hint: 'Fix the file, then add the server again.',
    });
  }
  const entry = new Document({ [id]: { type: 'openai-compatible', baseUrl } }).toString();
  const { end } = document.lineAt(document.lineCount - 1).range;
  const isNewLine = end.character === 0;
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, end, `${isNewLine ? '' : '\n'}${entry}`);
  await vscode.workspace.applyEdit(edit);
  await document.save();
  const first = new vscode.Position(isNewLine ? end.line : end.line + 1, 0);
  await revealLines(document, first, entry.trimEnd().split('\n').length);
}

/** Selects and reveals the lines, which would be out of sight at the end of a long file. */
async function revealLines(document: vscode.TextDocument, first: vscode.Position, count: number): Promise<void> {
  const last = document.lineAt(Math.min(first.line + count - 1, document.lineCount - 1)).range.end;
  const editor = await vscode.window.showTextDocument(document, { selection: new vscode.Range(first, last) });
  editor.revealRange(new vscode.Range(first, last), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

async function declareInSettings({ id, baseUrl }: Server): Promise<void> {
  const settings = vscode.workspace.getConfiguration('llmops');
  const connections = {
    ...settings.get<Record<string, unknown>>('connections'),
    [id]: { type: 'openai-compatible', baseUrl },
  };
  await settings.update('connections', connections, vscode.ConfigurationTarget.Global);
  const revealSetting = { key: 'llmops.connections' };
  await vscode.commands.executeCommand('workbench.action.openSettingsJson', { revealSetting });
}

/** Opens llmops/connections.yaml, and creates it with a comment if it does not exist. */
export async function openConnectionsFile(folder: vscode.WorkspaceFolder | undefined): Promise<vscode.TextDocument> {
  if (!folder) {
    throw new UserError('The connections file needs an open folder.', {
      code: 'no-folder',
      hint: 'Open a folder, or add the connection to your settings.',
      action: { command: 'workbench.action.openSettings', title: 'Open Settings', args: ['llmops.connections'] },
    });
  }
  const uri = fileOf(folder);
  const exists = await vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  // The file and its folder may be links in the repository. Nothing is written through a link that leads out of it.
  await requireWritableInWorkspace(uri);
  if (!exists) await vscode.workspace.fs.writeFile(uri, Buffer.from(FILE_HEAD));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}
