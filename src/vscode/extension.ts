import type * as vscode from 'vscode';
import { registerGeneratedDocuments } from './adapters/generated-documents.ts';
import { putLensesFirst } from './adapters/lenses-first.ts';
import { createLog } from './adapters/log.ts';
import { recordResults } from './adapters/record-results.ts';
import { createRepositoryWatch } from './adapters/repository-watch.ts';
import { addCliToTerminals } from './adapters/terminal-cli.ts';
import { registerVersionDocuments } from './adapters/version-documents.ts';
import { createWalkthroughSteps, followFirstAnswer } from './adapters/walkthrough-steps.ts';
import { createWorkbenches } from './adapters/workbenches.ts';
import { registerConnectionCommands } from './commands/connection-commands.ts';
import { registerModelCommands } from './commands/model-commands.ts';
import { registerPromptCommands } from './commands/prompt-commands.ts';
import { registerPromptsViewCommands } from './commands/prompts-view-commands.ts';
import { registerRunHistoryCommands } from './commands/run-history-commands.ts';
import { registerUpdatePrices } from './commands/update-prices.ts';
import { registerVersionCommands } from './commands/version-commands.ts';
import { registerVersionLinks } from './commands/version-links.ts';
import { registerWindowCommands } from './commands/window-commands.ts';
import { registerMediaDrops } from './language/media-drops.ts';
import { registerPriceFileDiagnostics } from './language/price-file-diagnostics.ts';
import { registerPromptDiagnostics } from './language/prompt-diagnostics.ts';
import { registerPromptLenses } from './language/prompt-lenses.ts';
import { createPromptWorkspace } from './language/prompt-workspace.ts';
import { registerLanguageFeatures } from './language/register-features.ts';
import { registerSchemaPaste } from './language/schema-paste.ts';
import { createTypingState } from './language/typing-state.ts';
import { registerVersionBlame } from './language/version-blame.ts';
import { registerVersionLenses } from './language/version-lenses.ts';
import { registerVersionMarks } from './language/version-marks.ts';
import { registerLazyComparePanels } from './panels/register-compare.ts';
import { registerPreview } from './panels/register-preview.ts';
import { registerModelsView } from './views/models-view.ts';
import { registerPromptCost } from './views/prompt-cost.ts';
import { registerPromptsView } from './views/prompts-view.ts';
import { registerRunsView } from './views/runs-view.ts';
import { registerSpending } from './views/spending.ts';

/**
 * Wires the extension. Nothing heavy is loaded here: core, its SDKs and the panels come with the first command,
 * view or prompt that needs them.
 */
export function activate(context: vscode.ExtensionContext): void {
  const log = createLog();
  const workbenches = createWorkbenches(context, log);
  const { extensionUri } = context;
  const promptWorkspace = createPromptWorkspace({ workbenches, log });
  const typing = createTypingState();
  const documents = registerVersionDocuments(workbenches);
  const watch = createRepositoryWatch();
  const steps = createWalkthroughSteps(context.globalState);
  const versionDeps = { extensionUri, workbenches, watch, steps, log };
  // first: until they are known, VS Code shows lenses that cannot act
  putLensesFirst();
  context.subscriptions.push(registerPromptLenses({ workbenches, log }), registerVersionLenses());
  addCliToTerminals(context);
  const runsView = registerRunsView({ workbenches, log });
  const promptsView = registerPromptsView({ workbenches, workspace: promptWorkspace, watch, log });
  context.subscriptions.push(
    log,
    workbenches,
    promptWorkspace,
    runsView,
    documents,
    watch,
    promptsView,
    steps,
    followFirstAnswer({ workbenches, steps, log }),
    recordResults({ workbenches, watch, log }),
    registerModelsView({ workbenches, log }),
    registerSpending({ workbenches, log }),
    registerPromptCost({ workbenches, log }),
    registerMediaDrops(),
    registerSchemaPaste(),
    registerPriceFileDiagnostics({ log, extensionUri }),
    typing,
    registerPromptDiagnostics({ log, extensionUri, workspace: promptWorkspace, typing }),
    registerLanguageFeatures({ workspace: promptWorkspace, documents, workbenches, typing, log }),
    registerVersionMarks(versionDeps),
    registerVersionBlame(versionDeps),
    registerVersionCommands({ ...versionDeps, view: promptsView }),
    registerVersionLinks(),
    registerPromptsViewCommands({ log, view: promptsView }),
    registerGeneratedDocuments(),
    registerLazyComparePanels({ extensionUri, workbenches, log }),
    registerPreview({ extensionUri, workbenches, log }),
    registerPromptCommands({ extensionUri, workbenches, steps, log }),
    registerConnectionCommands({ workbenches, steps, log }),
    registerModelCommands({ workbenches, log }),
    registerUpdatePrices({ context, workbenches, log }),
    registerRunHistoryCommands({ extensionUri, workbenches, steps, log, view: runsView }),
    registerWindowCommands({ log }),
  );
}
