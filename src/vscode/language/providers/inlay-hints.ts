import * as vscode from 'vscode';
import type { HintedEstimate } from '../../../core/language/navigation/inlay-hints.ts';
import { readSetting } from '../../host/settings.ts';
import { versionPlace } from '../../versions/documents/version-documents.ts';
import { workspaceOf } from '../../versions/documents/version-workspace.ts';
import { analyzedDocument } from '../workspace/analyzed-documents.ts';
import { guardFeature, type LanguageContext, SELECTOR } from './language-context.ts';

type HintsContext = Pick<LanguageContext, 'workspace' | 'documents' | 'workbenches' | 'log'>;

/** Hints for the tokens of messages, and the cost of a run. */
export function registerInlayHints(context: HintsContext): vscode.Disposable {
  const { workspace, workbenches, log } = context;
  const changed = new vscode.EventEmitter<void>();
  // Hints are requested again on each scroll, but their data rarely changes.
  let estimates = new WeakMap<vscode.TextDocument, CachedEstimate>();
  const estimateOnce = (document: vscode.TextDocument, model: string) => {
    const { version } = document;
    const cached = estimates.get(document);
    if (cached?.version === version && cached.model === model) return cached.estimate;
    const estimate = estimateDocument(document, model, context);
    estimates.set(document, { version, model, estimate });
    estimate.catch(() => estimates.delete(document));
    return estimate;
  };
  return vscode.Disposable.from(
    changed,
    changed.event(() => {
      estimates = new WeakMap();
    }),
    workspace.onDidChange((paths) => paths?.length !== 0 && changed.fire()),
    // Connections, prices and other settings that affect an estimate.
    workbenches.onModelsChanged(() => changed.fire()),
    vscode.languages.registerInlayHintsProvider(SELECTOR, {
      onDidChangeInlayHints: changed.event,
      provideInlayHints: (document, range, token) =>
        guardFeature(log, 'Inlay hints', async () => {
          // VS Code does not listen for changes while it waits for hints
          for (;;) {
            const basis = estimates;
            const hints = await findHints(document, context, (model) => estimateOnce(document, model));
            const isCurrent = basis === estimates || token.isCancellationRequested;
            if (isCurrent) return hints.filter(({ position }) => range.contains(position));
          }
        }),
    }),
  );
}

async function findHints(
  document: vscode.TextDocument,
  { workspace, documents }: HintsContext,
  estimate: (model: string) => Promise<HintedEstimate>,
): Promise<vscode.InlayHint[]> {
  const tokens = readSetting('inlayHints.tokens', document.uri);
  const cost = readSetting('inlayHints.cost', document.uri);
  if (!tokens && !cost) return [];
  const [{ inlayHints }, prompt, index] = await Promise.all([
    import('../../../core/language/navigation/inlay-hints.ts'),
    analyzedDocument(document),
    workspace.index(),
  ]);
  const defaultModel = readSetting('defaultModel', document.uri);
  const seen = await workspaceOf(document, index, { documents });
  const hints = await inlayHints(prompt, { workspace: seen, defaultModel, tokens, cost, estimate });
  return hints.map(({ offset, label, tooltip }) => toHint(document.positionAt(offset), label, tooltip));
}

interface CachedEstimate {
  version: number;
  model: string;
  estimate: Promise<HintedEstimate>;
}

/** An old version uses the partials and schemas of its commit, other documents those in the editor. */
async function estimateDocument(
  document: vscode.TextDocument,
  model: string,
  { workbenches, documents }: HintsContext,
): Promise<HintedEstimate> {
  const workbench = await workbenches.for(document.uri);
  const opened = versionPlace(document.uri) && (await documents.opened(document.uri));
  const { prompt } = opened
    ? await workbench.versions.history.loadPrompt(opened.version)
    : await workbench.prompts.load(document.uri.fsPath, document.getText());
  return workbench.runs.estimatePrompt(prompt, model);
}

function toHint(position: vscode.Position, label: string, tooltip: string): vscode.InlayHint {
  const hint = new vscode.InlayHint(position, label);
  hint.paddingLeft = true;
  hint.tooltip = tooltip;
  return hint;
}
