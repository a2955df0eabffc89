import * as vscode from 'vscode';
import { Debounce } from '../../../core/base/debounce.ts';
import { isAbortError } from '../../../core/base/errors.ts';
import type { ResolvedVersion } from '../../../core/versions/names/resolve-version.ts';
import { LANGUAGE_ID } from '../../host/contributions.ts';
import type { ChannelLog } from '../../host/log.ts';
import { plainMarkdown } from '../../host/plain-text.ts';
import type { RepositoryWatch } from '../../host/repository-watch.ts';
import { readSetting } from '../../host/settings.ts';
import type { Workbenches } from '../../host/workbenches.ts';

interface Deps {
  extensionUri: vscode.Uri;
  workbenches: Workbenches;
  watch: RepositoryWatch;
  log: ChannelLog;
}

const PAUSE_MS = 300;

/**
 * Marks lines of a prompt in the gutter that differ from the version with the label in the setting, such as
 * `production`.
 */
export function registerVersionMarks(deps: Deps): vscode.Disposable {
  const types = { shape: shapeType(deps.extensionUri), text: textType() };
  /** The version of each label, until git changes. */
  let labelled = new Map<string, Promise<ResolvedVersion | undefined>>();
  const debounce = new Debounce((error) => {
    if (!isAbortError(error)) deps.log.debug(`Could not mark the lines changed since a label: ${String(error)}`);
  });

  const update = () => {
    const markAll = () =>
      Promise.all(vscode.window.visibleTextEditors.map((editor) => mark(deps, editor, { types, labelled })));
    debounce.schedule(markAll, PAUSE_MS);
  };
  update();
  return vscode.Disposable.from(
    types.shape,
    types.text,
    debounce,
    vscode.window.onDidChangeVisibleTextEditors(update),
    vscode.workspace.onDidChangeTextDocument(({ document }) => document.languageId === LANGUAGE_ID && update()),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('llmops.versions') && update()),
    vscode.workspace.onDidGrantWorkspaceTrust(update),
    deps.watch.onDidChange(() => {
      labelled = new Map();
      update();
    }),
  );
}

/**
 * A shape that nothing else uses in the gutter, because git and the debugger use bars and discs. The icon files use the
 * `charts.purple` of the dark and light themes, including high contrast, because a file cannot refer to a theme color.
 */
function shapeType(extensionUri: vscode.Uri): vscode.TextEditorDecorationType {
  const icon = (theme: string) => vscode.Uri.joinPath(extensionUri, 'media', 'icons', `changed-${theme}.svg`);
  return vscode.window.createTextEditorDecorationType({
    dark: { gutterIconPath: icon('dark') },
    light: { gutterIconPath: icon('light') },
    gutterIconSize: 'contain',
    overviewRulerColor: new vscode.ThemeColor('charts.purple'),
    overviewRulerLane: vscode.OverviewRulerLane.Center,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}

/** The hover is on the text of the lines, because VS Code does not support hovers of extensions in the gutter. */
function textType(): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({ isWholeLine: true });
}

interface Known {
  types: { shape: vscode.TextEditorDecorationType; text: vscode.TextEditorDecorationType };
  labelled: Map<string, Promise<ResolvedVersion | undefined>>;
}

async function mark(deps: Deps, editor: vscode.TextEditor, { types, labelled }: Known): Promise<void> {
  const { document } = editor;
  if (document.languageId !== LANGUAGE_ID || document.uri.scheme !== 'file') return;
  const label = readSetting('versions.changedSinceLabel', document.uri).trim();
  const clear = () => {
    for (const type of Object.values(types)) editor.setDecorations(type, []);
  };
  if (label === '' || !vscode.workspace.isTrusted) return clear();
  const key = `${label}\n${document.uri.fsPath}`;
  const reading = labelled.get(key) ?? findLabelled(deps, document.uri, label);
  labelled.set(key, reading);
  const version = await reading;
  if (!version) return clear();
  const { changedLines } = await import('../../../core/versions/history/changed-lines.ts');
  const changes = changedLines(version.content.source, document.getText()).map(({ kind, first, last }) => ({
    range: new vscode.Range(Math.max(0, first), 0, Math.max(0, last), 0),
    hoverMessage: hoverOf(`${CHANGE_LABELS[kind]} since ${label} ${version.label}`, document.uri, label),
  }));
  editor.setDecorations(
    types.shape,
    changes.flatMap(({ range }) => lineStarts(range)),
  );
  editor.setDecorations(types.text, changes);
}

/** Empty ranges, because a longer range would repeat the shape for each row of a wrapped line. */
function lineStarts({ start, end }: vscode.Range): vscode.Range[] {
  const lines = Array.from({ length: end.line - start.line + 1 }, (_, index) => start.line + index);
  return lines.map((line) => new vscode.Range(line, 0, line, 0));
}

const CHANGE_LABELS = { added: 'Added', changed: 'Changed', removed: 'Lines below removed' };

/** The link only opens the diff. */
function hoverOf(text: string, uri: vscode.Uri, label: string): vscode.MarkdownString {
  const hover = new vscode.MarkdownString(`${plainMarkdown(text)} · `);
  hover.isTrusted = { enabledCommands: ['llmops.version.compareLabel'] };
  const given = encodeURIComponent(JSON.stringify([uri, label]));
  return hover.appendMarkdown(
    `[Show Diff](command:llmops.version.compareLabel?${given} "Compare with ${plainMarkdown(label)}")`,
  );
}

async function findLabelled(
  { workbenches }: Deps,
  uri: vscode.Uri,
  label: string,
): Promise<ResolvedVersion | undefined> {
  const { versions } = await workbenches.for(uri);
  if ((await versions.state()).kind !== 'ready') return undefined;
  const labels = await versions.labels.list();
  if (!labels.some((one) => one.label === label)) return undefined;
  const name = await versions.names.nameOf(uri.fsPath);
  const found = labels.find((one) => one.label === label && one.prompt === name);
  return found && versions.history.read(found.target, uri.fsPath);
}
