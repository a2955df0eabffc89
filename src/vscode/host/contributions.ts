import type { Severity } from '../../core/prompts/prompt.ts';

/**
 * Every ID that package.json contributes, with the types that belong to it. A test keeps this file and the manifest
 * equal.
 */

export const EXTENSION_ID = 'llmops-workbench.llmops-workbench';
export const LANGUAGE_ID = 'dotprompt';

/** The arguments of each command. All are optional: a command without them asks the user. */
export interface CommandArguments {
  'llmops.prompt.run': [target?: unknown];
  'llmops.prompt.compare': [target?: unknown];
  'llmops.prompt.chooseModel': [target?: unknown];
  'llmops.prompt.create': [template?: unknown];
  'llmops.prompt.preview': [target?: unknown];
  'llmops.compare.copyMarkdown': [];
  'llmops.compare.copyCsv': [];
  'llmops.panel.run': [];
  'llmops.prompts.check': [signal?: unknown];
  'llmops.prompts.import': [file?: unknown];
  'llmops.prompt.export': [target?: unknown];
  'llmops.connection.setKey': [connection?: unknown, secretName?: unknown];
  'llmops.connection.removeKey': [connection?: unknown];
  'llmops.connection.allowOrigin': [connection?: unknown];
  'llmops.connection.test': [connection?: unknown];
  'llmops.connection.refresh': [connection?: unknown];
  'llmops.connection.add': [];
  'llmops.connection.openFile': [];
  'llmops.models.refresh': [];
  'llmops.prices.update': [];
  'llmops.model.setDefault': [model?: unknown];
  'llmops.model.copyId': [model?: unknown];
  'llmops.run.open': [run?: unknown];
  'llmops.run.copyAnswer': [run?: unknown];
  'llmops.run.delete': [run?: unknown];
  'llmops.runs.openTable': [];
  'llmops.runs.filter': [];
  'llmops.runs.search': [];
  'llmops.runs.clearFilter': [];
  'llmops.runs.refresh': [];
  'llmops.runs.purge': [];
  'llmops.version.save': [target?: unknown];
  'llmops.version.history': [target?: unknown];
  'llmops.version.open': [target?: unknown];
  'llmops.version.comparePrevious': [target?: unknown];
  'llmops.version.compareLabel': [target?: unknown, label?: unknown];
  'llmops.version.compareAny': [target?: unknown];
  'llmops.version.compareAnswers': [target?: unknown, selected?: unknown];
  'llmops.version.compareRendered': [target?: unknown];
  'llmops.version.restore': [target?: unknown];
  'llmops.version.copyLink': [target?: unknown];
  'llmops.version.copyHash': [target?: unknown];
  'llmops.version.blame': [];
  'llmops.version.branchChanges': [];
  'llmops.version.resolveConflict': [target?: unknown];
  'llmops.version.createRepository': [];
  'llmops.label.set': [target?: unknown];
  'llmops.label.move': [target?: unknown];
  'llmops.label.remove': [target?: unknown];
  'llmops.label.history': [target?: unknown];
  'llmops.versions.push': [];
  'llmops.versions.fetch': [];
  'llmops.versions.settle': [];
  'llmops.prompts.filter': [];
  'llmops.prompts.clearFilter': [];
  'llmops.prompts.sort': [];
  'llmops.prompts.refresh': [];
  'llmops.budget.show': [];
  'llmops.log.show': [];
  'llmops.walkthrough.open': [];
  'llmops.docs.open': [page?: unknown];
}
export type CommandId = keyof CommandArguments;

export const COMMANDS: readonly CommandId[] = [
  'llmops.prompt.run',
  'llmops.prompt.compare',
  'llmops.prompt.chooseModel',
  'llmops.prompt.create',
  'llmops.prompt.preview',
  'llmops.compare.copyMarkdown',
  'llmops.compare.copyCsv',
  'llmops.panel.run',
  'llmops.prompts.check',
  'llmops.prompts.import',
  'llmops.prompt.export',
  'llmops.connection.setKey',
  'llmops.connection.removeKey',
  'llmops.connection.allowOrigin',
  'llmops.connection.test',
  'llmops.connection.refresh',
  'llmops.connection.add',
  'llmops.connection.openFile',
  'llmops.models.refresh',
  'llmops.prices.update',
  'llmops.model.setDefault',
  'llmops.model.copyId',
  'llmops.run.open',
  'llmops.run.copyAnswer',
  'llmops.run.delete',
  'llmops.runs.openTable',
  'llmops.runs.filter',
  'llmops.runs.search',
  'llmops.runs.clearFilter',
  'llmops.runs.refresh',
  'llmops.runs.purge',
  'llmops.version.save',
  'llmops.version.history',
  'llmops.version.open',
  'llmops.version.comparePrevious',
  'llmops.version.compareLabel',
  'llmops.version.compareAny',
  'llmops.version.compareAnswers',
  'llmops.version.compareRendered',
  'llmops.version.restore',
  'llmops.version.copyLink',
  'llmops.version.copyHash',
  'llmops.version.blame',
  'llmops.version.branchChanges',
  'llmops.version.resolveConflict',
  'llmops.version.createRepository',
  'llmops.label.set',
  'llmops.label.move',
  'llmops.label.remove',
  'llmops.label.history',
  'llmops.versions.push',
  'llmops.versions.fetch',
  'llmops.versions.settle',
  'llmops.prompts.filter',
  'llmops.prompts.clearFilter',
  'llmops.prompts.sort',
  'llmops.prompts.refresh',
  'llmops.budget.show',
  'llmops.log.show',
  'llmops.walkthrough.open',
  'llmops.docs.open',
];

export const VIEWS = { prompts: 'llmops.prompts', models: 'llmops.models', runs: 'llmops.runs' } as const;
export const PANELS = { compare: 'llmops.compare', preview: 'llmops.preview', runs: 'llmops.runsTable' } as const;
export const CONTEXT_KEYS = {
  runsFiltered: 'llmops.runsFiltered',
  promptsFiltered: 'llmops.promptsFiltered',
  /** True once a view was read and had no rows. Until then, no welcome text says that it is empty. */
  runsListed: 'llmops.runsListed',
  promptsListed: 'llmops.promptsListed',
  /** The kind of the folder's `RepositoryState`; unset until it is known. */
  repository: 'llmops.repository',
  /** True while one of the panels has the keyboard focus. */
  panelFocus: 'llmops.panelFocus',
} as const;
export const WALKTHROUGH = `${EXTENSION_ID}#start`;
export const WALKTHROUGH_STEPS = ['create', 'compare', 'connect', 'version', 'history'] as const;
export type WalkthroughStep = (typeof WALKTHROUGH_STEPS)[number];

/** The context key that completes a step of the walkthrough. */
export function stepContextKey(step: WalkthroughStep): string {
  return `llmops.walkthrough.${step}`;
}

/** The type of each setting, by its name without the prefix `llmops.`. */
export interface SettingTypes {
  defaultModel: string;
  connections: Record<string, unknown>;
  prices: Record<string, unknown>;
  'priceList.url': string;
  'budget.perRunUsd': number | null;
  'budget.perDayUsd': number | null;
  'cost.requestsPerDay': number;
  'request.timeoutSeconds': number;
  'request.contentTimeoutSeconds': number;
  'request.maxRetries': number;
  'request.concurrency': number;
  'ollama.discover': boolean;
  'runs.retentionDays': number;
  'runs.keepRated': boolean;
  'runs.linkedFolders': string[];
  'runs.recordRaw': boolean;
  'network.caFile': string;
  'codeLens.enabled': boolean;
  'language.deferToOtherExtensions': 'auto' | 'always' | 'never';
  /** Deprecated: the former name of `language.deferToOtherExtensions`. */
  'language.yield': 'auto' | 'always' | 'never';
  'diagnostics.severity': Record<string, Severity | 'off'>;
  'statusBar.promptCost': boolean;
  'editor.dropMedia': boolean;
  'editor.pasteSchema': boolean;
  'inlayHints.tokens': boolean;
  'inlayHints.cost': boolean;
  'versions.recordResults': boolean;
  'versions.changedSinceLabel': string;
}
export type SettingName = keyof SettingTypes;

export const SETTINGS: readonly SettingName[] = [
  'defaultModel',
  'connections',
  'prices',
  'priceList.url',
  'budget.perRunUsd',
  'budget.perDayUsd',
  'cost.requestsPerDay',
  'request.timeoutSeconds',
  'request.contentTimeoutSeconds',
  'request.maxRetries',
  'request.concurrency',
  'ollama.discover',
  'runs.retentionDays',
  'runs.keepRated',
  'runs.linkedFolders',
  'runs.recordRaw',
  'network.caFile',
  'codeLens.enabled',
  'language.deferToOtherExtensions',
  'language.yield',
  'diagnostics.severity',
  'statusBar.promptCost',
  'editor.dropMedia',
  'editor.pasteSchema',
  'inlayHints.tokens',
  'inlayHints.cost',
  'versions.recordResults',
  'versions.changedSinceLabel',
];
