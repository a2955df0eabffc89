import type { Severity } from '../../core/prompts/prompt.ts';

/**
 * Every ID that package.json contributes, with the types that belong to it. A test keeps this file and the manifest
 * equal.
 */

export const EXTENSION_ID = 'llmops-workbench.llmops-workbench';
export const LANGUAGE_ID = 'dotprompt';

/**
 * The commands that one module handles, each with the names of its arguments. All are optional: a command without them
 * asks the user.
 */
const COMMAND_GROUPS = {
  prompts: {
    'llmops.prompt.run': ['target'],
    'llmops.prompt.compare': ['target'],
    'llmops.prompt.chooseModel': ['target'],
    'llmops.compare.copyMarkdown': [],
    'llmops.compare.copyCsv': [],
    'llmops.panel.run': [],
    'llmops.prompt.create': ['template'],
    'llmops.prompts.import': ['file'],
    'llmops.prompt.export': ['target'],
  },
  promptsView: {
    'llmops.prompts.filter': [],
    'llmops.prompts.clearFilter': [],
    'llmops.prompts.sort': [],
    'llmops.prompts.refresh': [],
  },
  connections: {
    'llmops.connection.setKey': ['connection', 'secretName'],
    'llmops.connection.removeKey': ['connection'],
    'llmops.connection.allowOrigin': ['connection'],
    'llmops.connection.test': ['connection'],
    'llmops.connection.refresh': ['connection'],
    'llmops.connection.add': [],
    'llmops.connection.openFile': [],
    'llmops.models.refresh': [],
  },
  models: {
    'llmops.model.setDefault': ['model'],
    'llmops.model.copyId': ['model'],
  },
  runs: {
    'llmops.run.open': ['run'],
    'llmops.run.copyAnswer': ['run'],
    'llmops.run.delete': ['run'],
    'llmops.runs.filter': [],
    'llmops.runs.search': [],
    'llmops.runs.clearFilter': [],
    'llmops.runs.refresh': [],
    'llmops.runs.purge': [],
  },
  versions: {
    'llmops.version.save': ['target'],
    'llmops.version.history': ['target'],
    'llmops.version.open': ['target'],
    'llmops.version.comparePrevious': ['target'],
    'llmops.version.compareLabel': ['target', 'label'],
    'llmops.version.compareAny': ['target'],
    'llmops.version.compareAnswers': ['target', 'selected'],
    'llmops.version.compareRendered': ['target'],
    'llmops.version.restore': ['target'],
    'llmops.version.copyLink': ['target'],
    'llmops.version.copyHash': ['target'],
    'llmops.version.blame': [],
    'llmops.version.branchChanges': [],
    'llmops.version.resolveConflict': ['target'],
    'llmops.version.createRepository': [],
    'llmops.label.set': ['target'],
    'llmops.label.move': ['target'],
    'llmops.label.remove': ['target'],
    'llmops.label.history': ['target'],
    'llmops.versions.push': [],
    'llmops.versions.fetch': [],
    'llmops.versions.settle': [],
  },
  evaluations: {
    'llmops.evaluation.run': ['target'],
    'llmops.evaluation.estimate': ['target'],
    'llmops.evaluation.openResults': ['target'],
    'llmops.evaluation.compare': ['target', 'selected'],
    'llmops.evaluation.create': ['target'],
    'llmops.evaluation.stop': ['target'],
    'llmops.evaluation.pause': ['target'],
    'llmops.evaluation.resume': ['target'],
    'llmops.evaluation.rescore': ['target'],
    'llmops.evaluation.rerun': ['target'],
    'llmops.evaluation.pin': ['target'],
    'llmops.evaluation.unpin': ['target'],
    'llmops.evaluation.export': ['target'],
    'llmops.evaluation.delete': ['target', 'selected'],
    'llmops.evaluation.runOnDataset': ['target'],
    'llmops.evaluation.save': ['target'],
    'llmops.evaluation.watch': ['target'],
    'llmops.evaluation.unwatch': ['target'],
    'llmops.evaluation.addCase': ['target'],
    'llmops.evaluation.pasteCases': ['target'],
    'llmops.evaluation.splitDataset': ['target'],
    'llmops.evaluations.refresh': [],
  },
  others: {
    'llmops.prompt.preview': ['target'],
    'llmops.prompts.check': ['signal'],
    'llmops.prices.update': [],
    'llmops.runs.openTable': [],
    'llmops.budget.show': [],
    'llmops.log.show': [],
    'llmops.walkthrough.open': [],
    'llmops.docs.open': ['page'],
  },
};

export type CommandGroup = keyof typeof COMMAND_GROUPS;
export type CommandOf<Group extends CommandGroup> = keyof (typeof COMMAND_GROUPS)[Group];
export type CommandId = { [Group in CommandGroup]: CommandOf<Group> }[CommandGroup];

export function commandsOf<Group extends CommandGroup>(group: Group) {
  return Object.keys(COMMAND_GROUPS[group]) as (CommandId & CommandOf<Group>)[];
}

export const COMMANDS = Object.values(COMMAND_GROUPS).flatMap((group) => Object.keys(group)) as CommandId[];

export const VIEWS = {
  prompts: 'llmops.prompts',
  models: 'llmops.models',
  runs: 'llmops.runs',
  evaluations: 'llmops.evaluations',
} as const;
export const PANELS = {
  compare: 'llmops.compare',
  evaluation: 'llmops.evaluation',
  preview: 'llmops.preview',
  runs: 'llmops.runsTable',
} as const;
export const CONTEXT_KEYS = {
  runsFiltered: 'llmops.runsFiltered',
  promptsFiltered: 'llmops.promptsFiltered',
  /** True once a view was read and had no rows. Until then, no welcome text says that it is empty. */
  runsListed: 'llmops.runsListed',
  promptsListed: 'llmops.promptsListed',
  evaluationsListed: 'llmops.evaluationsListed',
  /** The kind of the folder's `RepositoryState`; unset until it is known. */
  repository: 'llmops.repository',
  /** True while one of the panels has the keyboard focus. */
  panelFocus: 'llmops.panelFocus',
} as const;
export const WALKTHROUGH = `${EXTENSION_ID}#start`;
export const WALKTHROUGH_STEPS = ['create', 'compare', 'connect', 'version', 'evaluate', 'history'] as const;
export type WalkthroughStep = (typeof WALKTHROUGH_STEPS)[number];

/** The context key that completes a step of the walkthrough. */
export function stepContextKey(step: WalkthroughStep): string {
  return `llmops.walkthrough.${step}`;
}

/** A value of which only the type is used. */
const typed = <T>() => undefined as T;

/** The type of each setting, by its name without the prefix `llmops.`. */
const SETTING_TYPES = {
  defaultModel: typed<string>(),
  connections: typed<Record<string, unknown>>(),
  prices: typed<Record<string, unknown>>(),
  'priceList.url': typed<string>(),
  'budget.perRunUsd': typed<number | null>(),
  'budget.perDayUsd': typed<number | null>(),
  'cost.requestsPerDay': typed<number>(),
  'request.timeoutSeconds': typed<number>(),
  'request.contentTimeoutSeconds': typed<number>(),
  'request.maxRetries': typed<number>(),
  'request.concurrency': typed<number>(),
  'ollama.discover': typed<boolean>(),
  'runs.retentionDays': typed<number>(),
  'runs.keepRated': typed<boolean>(),
  'runs.linkedFolders': typed<string[]>(),
  'runs.recordRaw': typed<boolean>(),
  'network.caFile': typed<string>(),
  'codeLens.enabled': typed<boolean>(),
  'language.deferToOtherExtensions': typed<'auto' | 'always' | 'never'>(),
  /** Deprecated: the former name of `language.deferToOtherExtensions`. */
  'language.yield': typed<'auto' | 'always' | 'never'>(),
  'diagnostics.severity': typed<Record<string, Severity | 'off'>>(),
  'statusBar.promptCost': typed<boolean>(),
  'editor.dropMedia': typed<boolean>(),
  'editor.pasteSchema': typed<boolean>(),
  'inlayHints.tokens': typed<boolean>(),
  'inlayHints.cost': typed<boolean>(),
  'versions.recordResults': typed<boolean>(),
  'versions.changedSinceLabel': typed<string>(),
};

export type SettingTypes = typeof SETTING_TYPES;
export type SettingName = keyof SettingTypes;

export const SETTINGS = Object.keys(SETTING_TYPES) as SettingName[];
