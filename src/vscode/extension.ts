import type * as vscode from 'vscode';
import { registerGeneratedDocuments } from './adapters/generated-documents.ts';
import { createLog } from './adapters/log.ts';
import { addCliToTerminals } from './adapters/terminal-cli.ts';
import { createWorkbenches } from './adapters/workbenches.ts';
import { registerConnectionCommands } from './commands/connection-commands.ts';
import { registerExportCommand } from './commands/export-prompt.ts';
import { registerImportCommand } from './commands/import-prompts.ts';
import { registerModelCommands } from './commands/model-commands.ts';
import { registerPromptCommands } from './commands/prompt-commands.ts';
import { registerRunHistoryCommands } from './commands/run-history-commands.ts';
import { registerWindowCommands } from './commands/window-commands.ts';
import { registerMediaDrops } from './language/media-drops.ts';
import { registerPromptDiagnostics } from './language/prompt-diagnostics.ts';
import { registerPromptLenses } from './language/prompt-lenses.ts';
import { createPromptWorkspace } from './language/prompt-workspace.ts';
import { registerLanguageFeatures } from './language/register-features.ts';
import { registerSchemaPaste } from './language/schema-paste.ts';
import { registerLazyComparePanels } from './panels/register-compare.ts';
import { registerPreview } from './panels/register-preview.ts';
import { registerModelsView } from './views/models-view.ts';
import { registerPromptCost } from './views/prompt-cost.ts';
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
  addCliToTerminals(context);
  const runsView = registerRunsView({ workbenches, log });
  context.subscriptions.push(
    log,
    workbenches,
    promptWorkspace,
    runsView,
    registerModelsView({ workbenches, log }),
    registerSpending({ workbenches, log }),
    registerPromptCost({ workbenches, log }),
    registerMediaDrops(),
    registerSchemaPaste(),
    registerPromptLenses({ workbenches, log }),
    registerPromptDiagnostics({ log, extensionUri, workspace: promptWorkspace }),
    registerLanguageFeatures({ workspace: promptWorkspace, log }),
    registerGeneratedDocuments(),
    registerLazyComparePanels({ extensionUri, workbenches, log }),
    registerPreview({ extensionUri, workbenches, log }),
    registerPromptCommands({ extensionUri, workbenches, log }),
    registerImportCommand({ log }),
    registerExportCommand({ workbenches, log }),
    registerConnectionCommands({ workbenches, log }),
    registerModelCommands({ workbenches, log }),
    registerRunHistoryCommands({ extensionUri, workbenches, log, view: runsView }),
    registerWindowCommands({ log }),
  );
}
