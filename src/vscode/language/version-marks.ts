import * as vscode from 'vscode';
import { isAbortError } from '../../core/base/errors.ts';
import type { ResolvedVersion } from '../../core/versions/versions.ts';
import type { ChannelLog } from '../adapters/log.ts';
import type { RepositoryWatch } from '../adapters/repository-watch.ts';
import { readSetting } from '../adapters/settings.ts';
import type { Workbenches } from '../adapters/workbenches.ts';
import { LANGUAGE_ID } from '../contributions.ts';

interface Deps {
  extensionUri: vscode.Uri;
  workbenches: Workbenches;
  watch: RepositoryWatch;
  log: ChannelLog;
}

const PAUSE_MS = 300;
const KINDS = ['added', 'changed', 'removed'] as const;

/** In the gutter of a prompt: lines that differ from the version which has the label of the setting, `production`. */
export function registerVersionMarks(deps: Deps): vscode.Disposable {
  const types = Object.fromEntries(KINDS.map((kind) => [kind, markType(deps.extensionUri, kind)])) as Marks;
  /** What a label stands on, until something changes in git. */
  let labelled = new Map<string, Promise<ResolvedVersion | undefined>>();
  let timer: NodeJS.Timeout | undefined;

  const update = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const editor of vscode.window.visibleTextEditors) {
        mark(deps, editor, { types, labelled }).catch((error) => {
          if (!isAbortError(error)) deps.log.debug(`Lines changed since a label are not marked: ${String(error)}`);
        });
      }
    }, PAUSE_MS);
  };
  update();
  return vscode.Disposable.from(
    ...Object.values(types),
    vscode.window.onDidChangeVisibleTextEditors(update),
    vscode.workspace.onDidChangeTextDocument(({ document }) => document.languageId === LANGUAGE_ID && update()),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('llmops.versions') && update()),
    vscode.workspace.onDidGrantWorkspaceTrust(update),
    deps.watch.onDidChange(() => {
      labelled = new Map();
      update();
    }),
    { dispose: () => clearTimeout(timer) },
  );
}

type Marks = Record<(typeof KINDS)[number], vscode.TextEditorDecorationType>;

function markType(extensionUri: vscode.Uri, kind: (typeof KINDS)[number]): vscode.TextEditorDecorationType {
  const colors = { added: 'addedBackground', changed: 'modifiedBackground', removed: 'deletedBackground' };
  return vscode.window.createTextEditorDecorationType({
    gutterIconPath: vscode.Uri.joinPath(extensionUri, 'media', 'icons', `lines-${kind}.svg`),
    gutterIconSize: 'contain',
    overviewRulerColor: new vscode.ThemeColor(`editorGutter.${colors[kind]}`),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
    isWholeLine: true,
  });
}

interface Known {
  types: Marks;
  labelled: Map<string, Promise<ResolvedVersion | undefined>>;
}

async function mark(deps: Deps, editor: vscode.TextEditor, { types, labelled }: Known): Promise<void> {
  const { document } = editor;
  if (document.languageId !== LANGUAGE_ID || document.uri.scheme !== 'file') return;
  const label = readSetting('versions.changedSinceLabel', document.uri).trim();
  const clear = () => {
    for (const kind of KINDS) editor.setDecorations(types[kind], []);
  };
  if (label === '' || !vscode.workspace.isTrusted) return clear();
  const key = `${label}\n${document.uri.fsPath}`;
  const reading = labelled.get(key) ?? findLabelled(deps, document.uri, label);
  labelled.set(key, reading);
  const version = await reading;
  if (!version) return clear();
  const { changedLines } = await import('../../core/versions/changed-lines.ts');
  const changes = changedLines(version.content.source, document.getText());
  for (const kind of KINDS) {
    const own = changes.filter((change) => change.kind === kind);
    editor.setDecorations(
      types[kind],
      own.map(({ first, last }) => ({
        range: new vscode.Range(Math.max(0, first), 0, Math.max(0, last), 0),
        hoverMessage: `${WORDS[kind]} since ${label} (${version.label})`,
      })),
    );
  }
}

const WORDS = { added: 'Added', changed: 'Changed', removed: 'Something below was removed' };

async function findLabelled(
  { workbenches }: Deps,
  uri: vscode.Uri,
  label: string,
): Promise<ResolvedVersion | undefined> {
  const versions = await (await workbenches.for(uri)).versions();
  if ((await versions.state()).kind !== 'ready') return undefined;
  const labels = await versions.labels();
  if (!labels.some((one) => one.label === label)) return undefined;
  const name = await versions.nameOf(uri.fsPath);
  const found = labels.find((one) => one.label === label && one.prompt === name);
  return found && versions.read(found.target, uri.fsPath);
}
