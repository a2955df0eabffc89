import type * as vscode from 'vscode';
import { registerEvaluations } from './evals/commands/register-evaluations.ts';
import { ClosedChecks } from './evals/language/closed-checks.ts';
import { registerEvaluationLanguage } from './evals/language/evaluation-language.ts';
import { PANELS } from './host/contributions.ts';
import { registerGeneratedDocuments } from './host/generated-documents.ts';
import { putLensesFirst } from './host/lenses-first.ts';
import { type ChannelLog, createLog } from './host/log.ts';
import { RepositoryWatch } from './host/repository-watch.ts';
import { addCliToTerminals } from './host/terminal-cli.ts';
import { Workbenches } from './host/workbenches.ts';
import type { LanguageContext } from './language/providers/language-context.ts';
import { registerMediaDrops } from './language/providers/media-drops.ts';
import { registerPromptLenses } from './language/providers/prompt-lenses.ts';
import { registerSchemaPaste } from './language/providers/schema-paste.ts';
import { registerLanguageFeatures } from './language/register-features.ts';
import { PromptDiagnostics } from './language/workspace/prompt-diagnostics.ts';
import { createPromptWorkspace } from './language/workspace/prompt-workspace.ts';
import { TypingState } from './language/workspace/typing-state.ts';
import { ModelsView } from './models/models-view.ts';
import { registerModelCommands } from './models/register-model-commands.ts';
import { registerPreview } from './preview/register-preview.ts';
import { registerPromptCost } from './prompts/prompt-cost.ts';
import { type PromptsView, registerPromptsView } from './prompts/prompts-view.ts';
import { registerPromptCommands } from './prompts/register-prompt-commands.ts';
import { registerRuns } from './runs/register-runs.ts';
import { RunsView } from './runs/runs-view.ts';
import { registerSpending } from './runs/spending.ts';
import { registerConfigFiles } from './shell/config-files.ts';
import { restorePanels } from './shell/panels/restore-panels.ts';
import { createWalkthroughSteps, followFirstAnswer } from './shell/walkthrough-steps.ts';
import { registerWindowCommands } from './shell/window-commands.ts';
import { registerVersionCommands, registerVersionLinks } from './versions/commands/version-commands.ts';
import type { VersionCommandDeps } from './versions/commands/version-targets.ts';
import { registerVersionDocuments } from './versions/documents/version-documents.ts';
import { registerVersionBlame } from './versions/marks/version-blame.ts';
import { registerVersionLenses } from './versions/marks/version-lenses.ts';
import { registerVersionMarks } from './versions/marks/version-marks.ts';
import { recordResults } from './versions/record-results.ts';

/**
 * Wires the extension. Nothing heavy is loaded here: core, its SDKs and the panels are loaded with the first command,
 * view or prompt that needs them.
 */
export function activate(context: vscode.ExtensionContext): void {
  const log = createLog();
  const workbenches = new Workbenches(context, log);
  const { extensionUri } = context;
  const promptWorkspace = createPromptWorkspace({ workbenches, log });
  const typing = new TypingState();
  const documents = registerVersionDocuments(workbenches);
  const watch = new RepositoryWatch(log);
  const steps = createWalkthroughSteps(context.globalState);
  // first, because VS Code shows stale lenses that do nothing until these are known
  putLensesFirst();
  context.subscriptions.push(registerPromptLenses({ workbenches, log }), registerVersionLenses());
  addCliToTerminals(context);
  const promptsView = registerPromptsView({ workbenches, workspace: promptWorkspace, watch, log });
  const runsView = new RunsView({ workbenches, log, after: promptsView.opened });
  context.subscriptions.push(
    log,
    workbenches,
    promptWorkspace,
    runsView,
    documents,
    watch,
    typing,
    promptsView,
    steps,
    followFirstAnswer({ workbenches, steps, log }),
    new ModelsView({ workbenches, log, after: promptsView.opened }),
    registerSpending({ workbenches, log }),
    registerPromptCost({ workbenches, log }),
    ...registerLanguage({ extensionUri, workspace: promptWorkspace, documents, workbenches, typing, log }),
    ...registerVersions({ extensionUri, workbenches, watch, steps, log, view: promptsView }),
    registerGeneratedDocuments(),
    restorePanels(PANELS.compare, { extensionUri, workbenches, log }, loadRestoreCompare),
    restorePanels(PANELS.evaluation, { extensionUri, workbenches, log }, loadRestoreEvaluation),
    registerPreview({ extensionUri, workbenches, log }),
    registerPromptCommands({ extensionUri, workbenches, steps, log, view: promptsView }),
    registerModelCommands({ context, workbenches, steps, log }),
    registerRuns({ extensionUri, workbenches, steps, log, view: runsView }),
    registerEvaluations({ extensionUri, workbenches, steps, log, after: promptsView.opened }),
    registerWindowCommands({ extensionUri, log }),
  );
}

async function loadRestoreCompare() {
  return (await import('./compare/compare-panel.ts')).restoreComparePanel;
}

async function loadRestoreEvaluation() {
  return (await import('./evals/evaluation-panel.ts')).restoreEvaluationPanel;
}

function registerLanguage(deps: LanguageContext & { extensionUri: vscode.Uri; log: ChannelLog }): vscode.Disposable[] {
  const closed = new ClosedChecks(deps);
  return [
    closed,
    registerMediaDrops(),
    registerSchemaPaste(),
    registerConfigFiles(deps),
    new PromptDiagnostics({ ...deps, checkOthers: (signal) => closed.check(signal) }),
    registerLanguageFeatures(deps),
    registerEvaluationLanguage(deps),
  ];
}

function registerVersions(
  deps: VersionCommandDeps & { extensionUri: vscode.Uri; view: PromptsView },
): vscode.Disposable[] {
  return [
    recordResults(deps),
    registerVersionMarks(deps),
    registerVersionBlame(deps),
    registerVersionCommands(deps),
    registerVersionLinks(),
  ];
}
