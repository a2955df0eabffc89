import * as v from 'valibot';
import { createChecks, fields, finiteNumber, map, noParams } from './checks.ts';
import type { CompareMethods } from './compare.ts';

/** The commands that errors offer as actions. Each asks the user before it changes anything. */
const ACTIONS: Record<string, RegExp | undefined> = {
  'llmops.connection.setKey': /^[\w.-]+$/,
  'llmops.connection.allowOrigin': /^[\w.-]+$/,
  'llmops.connection.openFile': undefined,
  'llmops.evaluation.create': undefined,
  'llmops.evaluation.run': undefined,
  'llmops.label.set': undefined,
  'llmops.models.focus': undefined,
  'llmops.prompt.compare': undefined,
  'llmops.prompt.create': undefined,
  'llmops.version.createRepository': undefined,
  'workbench.action.files.save': undefined,
  'workbench.action.openSettings': /^llmops\.[\w.]+$/,
  'workbench.trust.manage': undefined,
};

const action = v.pipe(
  fields({ command: v.string(), args: v.array(v.string()) }),
  v.check(({ command, args }) => {
    const pattern = Object.hasOwn(ACTIONS, command) ? ACTIONS[command] : undefined;
    return Object.hasOwn(ACTIONS, command) && args.every((arg) => pattern?.test(arg) === true);
  }),
);

/**
 * An error may come from the database, and so from an untrusted repository. Neither its command nor its arguments are
 * trusted.
 */
export function isAction(command: unknown, args: unknown): boolean {
  return v.is(action, { command, args });
}

const MAX_LINK_LENGTH = 2000;
const link = v.pipe(v.string(), v.maxLength(MAX_LINK_LENGTH), v.regex(/^(?:https?:\/\/[^\s/]|mailto:[^\s])\S*$/i));

const text = v.string();
const maybeText = v.nullish(text);
/** A git revision. Whatever it is, it is resolved as a commit and never run. */
const maybeVersion = v.nullish(v.pipe(text, v.minLength(1), v.maxLength(300)));
const maybeNumber = v.nullish(finiteNumber);
const maybeFlag = v.nullish(v.boolean());
const toolResult = fields({ id: text, name: text, output: text });

/** The valid params of requests from the Compare panel. */
export const compareChecks = createChecks<CompareMethods>({
  snapshot: noParams,
  'models.list': { refresh: v.boolean() },
  'input.set': { input: map },
  'input.fromFile': noParams,
  'input.fromDataset': noParams,
  'dataset.step': { by: v.picklist([1, -1]) },
  'dataset.goTo': { row: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) },
  'comparison.copy': { format: v.picklist(['markdown', 'csv']) },
  'versions.list': noParams,
  'column.add': { model: maybeText, version: maybeVersion },
  'column.pick': noParams,
  'column.remove': { columnId: text },
  'column.duplicate': { columnId: text },
  'column.set': {
    columnId: text,
    model: maybeText,
    version: maybeVersion,
    parameters: v.nullish(map),
    promptCaching: maybeFlag,
  },
  'form.set': { folded: maybeFlag, width: maybeNumber },
  'repeat.set': { repeat: finiteNumber },
  'run.start': { columnId: maybeText },
  'run.stop': { columnId: maybeText },
  'run.continue': { columnId: text, text: maybeText, toolResults: v.nullish(v.array(toolResult)) },
  'run.rate': { runId: text, rating: v.nullish(v.picklist(['up', 'down'])), note: maybeText },
  'run.copy': { runId: text },
  'run.copyCode': { columnId: text, language: v.picklist(['curl', 'python', 'typescript']) },
  'run.openRaw': { runId: text, what: v.picklist(['request', 'response']) },
  'dataset.evaluate': noParams,
  'run.addCase': { runId: text },
  'action.run': action,
  'prompt.open': { line: maybeNumber, column: maybeNumber },
  'link.open': { url: link },
});
