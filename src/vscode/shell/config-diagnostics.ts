import * as vscode from 'vscode';
import { Debounce } from '../../core/base/debounce.ts';
import type { FileReader, Log } from '../../core/base/ports.ts';
import type { ConfigKind } from '../../core/config/config-kind.ts';
import type { Diagnostic } from '../../core/prompts/prompt.ts';
import { createFileReader } from '../host/files.ts';
import { readSetting } from '../host/settings.ts';
import { registerConfigLanguage } from './config-language.ts';
import { toDiagnostic } from './to-diagnostic.ts';

const PAUSE_MS = 200;

interface Deps {
  kinds: readonly ConfigKind[];
  log: Log;
  extensionUri: vscode.Uri;
}

/** If this extension is installed, it provides completion, hover and schema problems of YAML files. */
function hasYamlLanguage(): boolean {
  return vscode.extensions.getExtension('redhat.vscode-yaml') !== undefined;
}

/**
 * Diagnostics of open configuration files, shortly after the last keystroke. They do not need trust. Completion and
 * hover come from the schema, unless a YAML extension provides them.
 */
export function registerConfigChecks({ kinds, log, extensionUri }: Deps): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('llmops-config');
  const debounce = new Debounce((error) => log.error('Could not check a configuration file', error));

  const files = createFileReader();
  const run = async (document: vscode.TextDocument, kind: ConfigKind) => {
    const { version } = document;
    const found = await findProblems(document, kind, { files, extensionUri });
    if (!document.isClosed && document.version === version) collection.set(document.uri, found);
  };
  const check = (document: vscode.TextDocument, pauseMs: number) => {
    const kind = kinds.find((one) => vscode.languages.match(selectorOf(one), document) > 0);
    if (!kind) return;
    debounce.schedule(() => run(document, kind), pauseMs, document.uri.toString());
  };
  const checkAll = () => {
    for (const document of vscode.workspace.textDocuments) check(document, 0);
  };
  checkAll();
  return vscode.Disposable.from(
    collection,
    debounce,
    ...kinds.map((kind) =>
      registerConfigLanguage(kind, { selector: selectorOf(kind), isLeftToOther: hasYamlLanguage }),
    ),
    vscode.extensions.onDidChange(checkAll),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('llmops.diagnostics')) checkAll();
    }),
    vscode.workspace.onDidOpenTextDocument((document) => check(document, 0)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => check(document, PAUSE_MS)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      debounce.cancel(uri.toString());
      collection.delete(uri);
    }),
  );
}

async function findProblems(
  document: vscode.TextDocument,
  kind: ConfigKind,
  { files, extensionUri }: { files: FileReader; extensionUri: vscode.Uri },
): Promise<vscode.Diagnostic[]> {
  const [problems, { withChosenSeverity }] = await Promise.all([
    kind.check(document.getText(), document.uri.fsPath, files),
    import('../../core/language/diagnostics/chosen-severity.ts'),
  ]);
  const own = hasYamlLanguage() ? problems.filter(({ bySchema }) => !bySchema) : problems;
  const diagnostics = own.map(
    ({ message, code = kind.code, severity = 'error', range = { start: 0, end: 0 } }): Diagnostic => ({
      code,
      severity,
      message,
      range,
    }),
  );
  const chosen = withChosenSeverity(diagnostics, readSetting('diagnostics.severity', document.uri));
  const at = (offset: number) => document.positionAt(offset);
  return Promise.all(chosen.map((one) => toDiagnostic(one, at, { extensionUri })));
}

function selectorOf({ path }: ConfigKind): vscode.DocumentFilter {
  return { scheme: 'file', pattern: `**/${path}` };
}
