import { isRecord } from '../../core/base/is-record.ts';
import type { CompareMethods } from '../../protocol/compare.ts';

type Checks = { [Name in keyof CompareMethods]: (params: unknown) => params is CompareMethods[Name]['params'] };

const isText = (value: unknown): value is string => typeof value === 'string';
const optional = (value: unknown, check: (value: unknown) => boolean) =>
  value === undefined || value === null || check(value);

/** A check of an object's fields, by name. */
function fields<Params>(checks: Record<string, (value: unknown) => boolean>) {
  return (params: unknown): params is Params =>
    isRecord(params) && Object.entries(checks).every(([name, check]) => check(params[name]));
}

const nothing = (_params: unknown): _params is undefined => true;
const column = { columnId: isText };
const maybeText = (value: unknown) => optional(value, isText);
/** A name of git's: whatever it is, it is resolved as a commit, never run. */
const maybeVersion = (value: unknown) => optional(value, (ref) => isText(ref) && ref.length > 0 && ref.length <= 300);
const maybeNumber = (value: unknown) => optional(value, Number.isFinite);

/** What a request may carry; a webview shows models' text, so nothing that it sends is believed. */
export const compareChecks: Checks = {
  snapshot: nothing,
  'models.list': fields({ refresh: (value) => typeof value === 'boolean' }),
  'input.set': fields({ input: isRecord }),
  'input.fromFile': nothing,
  'input.fromDataset': nothing,
  'dataset.step': fields({ by: (value) => value === 1 || value === -1 }),
  'dataset.goTo': fields({ row: (value) => Number.isSafeInteger(value) && Number(value) >= 1 }),
  'comparison.copy': fields({ format: (value) => value === 'markdown' || value === 'csv' }),
  'versions.list': nothing,
  'column.add': fields({ model: maybeText, version: maybeVersion }),
  'column.pick': nothing,
  'column.remove': fields(column),
  'column.duplicate': fields(column),
  'column.set': fields({
    ...column,
    model: maybeText,
    version: maybeVersion,
    parameters: (value) => optional(value, isRecord),
    promptCaching: (value) => optional(value, (flag) => typeof flag === 'boolean'),
  }),
  'form.set': fields({
    folded: (value) => optional(value, (flag) => typeof flag === 'boolean'),
    width: maybeNumber,
  }),
  'repeat.set': fields({ repeat: Number.isFinite }),
  'run.start': fields({ columnId: maybeText }),
  'run.stop': fields({ columnId: maybeText }),
  'run.continue': fields({
    ...column,
    text: maybeText,
    toolResults: (value) => optional(value, (list) => Array.isArray(list) && list.every(isToolResult)),
  }),
  'run.rate': fields({
    runId: isText,
    rating: (value) => optional(value, (rating) => rating === 'up' || rating === 'down'),
    note: maybeText,
  }),
  'run.copy': fields({ runId: isText }),
  'run.copyCode': fields({
    ...column,
    language: (value) => value === 'curl' || value === 'python' || value === 'typescript',
  }),
  'run.openRaw': fields({ runId: isText, what: (value) => value === 'request' || value === 'response' }),
  'action.run': (params): params is CompareMethods['action.run']['params'] =>
    isRecord(params) && isAction(params.command, params.args),
  'prompt.open': fields({ line: maybeNumber, column: maybeNumber }),
  'link.open': fields({ url: isLink }),
};

/** What errors of ours offer as a next step, and nothing beside: each asks the user before it changes anything. */
const ACTIONS: Record<string, RegExp | undefined> = {
  'llmops.connection.setKey': /^[\w.-]+$/,
  'llmops.connection.allowOrigin': /^[\w.-]+$/,
  'llmops.connection.openFile': undefined,
  'llmops.label.set': undefined,
  'llmops.models.focus': undefined,
  'llmops.prompt.compare': undefined,
  'llmops.prompt.create': undefined,
  'llmops.version.createRepository': undefined,
  'workbench.action.files.save': undefined,
  'workbench.action.openSettings': /^llmops\.[\w.]+$/,
  'workbench.trust.manage': undefined,
};

/** An error may come from the database, and so from a stranger's repository: neither its command nor its arguments are believed. */
export function isAction(command: unknown, args: unknown): boolean {
  if (!isText(command) || !Object.hasOwn(ACTIONS, command) || !Array.isArray(args)) return false;
  const pattern = ACTIONS[command];
  return args.every((arg) => isText(arg) && pattern?.test(arg) === true);
}

const LONGEST_LINK = 2000;

function isLink(value: unknown): boolean {
  return isText(value) && value.length <= LONGEST_LINK && /^(?:https?:\/\/[^\s/]|mailto:[^\s])\S*$/i.test(value);
}

function isToolResult(value: unknown): boolean {
  return isRecord(value) && isText(value.id) && isText(value.name) && isText(value.output);
}
