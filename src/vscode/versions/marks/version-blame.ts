import * as vscode from 'vscode';
import { Debounce } from '../../../core/base/debounce.ts';
import type { BlameLine } from '../../../core/versions/history/blame.ts';
import { ageOf } from '../../../shared/age.ts';
import { LANGUAGE_ID } from '../../host/contributions.ts';
import type { ChannelLog } from '../../host/log.ts';
import { plainMarkdown } from '../../host/plain-text.ts';
import type { RepositoryWatch } from '../../host/repository-watch.ts';
import type { Workbenches } from '../../host/workbenches.ts';
import { requireTrust } from '../../shell/prompt-targets.ts';
import { registerCommand, showError } from '../../shell/run-command.ts';
import { versionUri } from '../documents/version-documents.ts';

interface Deps {
  workbenches: Workbenches;
  watch: RepositoryWatch;
  log: ChannelLog;
}

const PAUSE_MS = 300;

/** Shows the author, age and commit of each line after it. One command turns it on and off. */
export function registerVersionBlame(deps: Deps): vscode.Disposable {
  const type = vscode.window.createTextEditorDecorationType({
    after: { margin: '0 0 0 3em', color: new vscode.ThemeColor('editorCodeLens.foreground') },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
  });
  let on = false;
  const debounce = new Debounce((error) => deps.log.debug(`Could not read the line blame: ${String(error)}`));

  const showAll = async () => {
    for (const editor of vscode.window.visibleTextEditors) {
      const { document } = editor;
      if (document.languageId !== LANGUAGE_ID || document.uri.scheme !== 'file') continue;
      editor.setDecorations(type, on ? await decorationsOf(deps, document) : []);
    }
  };
  const later = () => {
    if (on) debounce.schedule(showAll, PAUSE_MS);
  };
  const toggle = async () => {
    requireTrust();
    on = !on;
    try {
      await showAll();
    } catch (error) {
      on = false;
      await showAll();
      void showError(error, deps.log);
    }
  };
  return vscode.Disposable.from(
    type,
    debounce,
    registerCommand('llmops.version.blame', deps.log, toggle),
    vscode.window.onDidChangeVisibleTextEditors(later),
    vscode.workspace.onDidChangeTextDocument(({ document }) => document.languageId === LANGUAGE_ID && later()),
    deps.watch.onDidChange(later),
  );
}

async function decorationsOf(
  { workbenches }: Deps,
  document: vscode.TextDocument,
): Promise<vscode.DecorationOptions[]> {
  const { versions } = await workbenches.for(document.uri);
  const { version } = document;
  const lines = await versions.history.blame(document.uri.fsPath, document.getText());
  if (document.version !== version) return [];
  const state = await versions.state();
  const root = state.kind === 'ready' ? state.repository.root : undefined;
  return lines.flatMap((line, index) => {
    if (line.line > document.lineCount) return [];
    const { range } = document.lineAt(line.line - 1);
    const first = lines[index - 1]?.commit !== line.commit;
    return [
      {
        range: new vscode.Range(range.end, range.end),
        hoverMessage: root === undefined ? [] : blameHover(line, root),
        renderOptions: { after: { contentText: first ? describeLine(line) : '' } },
      },
    ];
  });
}

function describeLine({ uncommitted, author, at, subject }: BlameLine): string {
  return uncommitted ? 'Not committed yet' : `${author.name}, ${ageOf(at, Date.now())} · ${subject}`;
}

/** The links only open the version and its diff. */
function blameHover(
  { uncommitted, author, at, subject, commit, path }: BlameLine,
  root: string,
): vscode.MarkdownString {
  const hover = new vscode.MarkdownString('', true);
  if (uncommitted) return hover.appendMarkdown('Not committed yet.');
  const name = commit.slice(0, 7);
  const uri = versionUri({ commit, file: vscode.Uri.joinPath(vscode.Uri.file(root), path).fsPath, name });
  const link = (command: string) => `command:${command}?${encodeURIComponent(JSON.stringify([uri]))}`;
  hover.isTrusted = { enabledCommands: ['llmops.version.open', 'llmops.version.comparePrevious'] };
  hover.appendMarkdown(`**${plainMarkdown(subject)}**\n\n`);
  hover.appendMarkdown(`${plainMarkdown(`${author.name}, ${new Date(at).toLocaleString()}`)}\n\n`);
  hover.appendMarkdown(
    `[$(git-commit) ${name}](${link('llmops.version.open')}) · [$(diff) Compare with Previous](${link('llmops.version.comparePrevious')})`,
  );
  return hover;
}
