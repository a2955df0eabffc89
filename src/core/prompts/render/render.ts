import { type DataArgument, Dotprompt, type ParsedPrompt as DotpromptSource, type PromptFunction } from 'dotprompt';
import Handlebars from 'handlebars/dist/cjs/handlebars.js';
import { throwIfAborted } from '../../base/abort.ts';
import { definedFields } from '../../base/defined-fields.ts';
import type { FileReader } from '../../base/ports.ts';
import { contentHash } from '../content-hash.ts';
import type { Diagnostic, Prompt, RenderedPrompt, RenderInput } from '../prompt.ts';
import { validateInput } from '../schema/validate-input.ts';
import { MarkerGuard } from '../template/marker-guard.ts';
import { loadPartials } from '../template/partials.ts';
import { parseTemplate } from '../template/template.ts';
import { declaredMedia } from './media.ts';
import { toDotpromptHistory, toMessages } from './messages.ts';
import { createRenderBudget, type RenderBudget, RUN_LIMITS } from './render-budget.ts';
import { explainRenderError, refuseBroken, refuseInput } from './render-errors.ts';

export interface RenderEnv {
  /** The text of a partial by its name in the template; undefined if there is none. */
  partials(name: string): Promise<string | undefined>;
  files?: FileReader | undefined;
  /** Media files are read only from inside these folders. */
  workspaceRoots: readonly string[];
  /** The folder of the prompt's file, the base of relative media paths. */
  promptDir: string | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Renders a prompt to the messages for a model. Throws UserError `invalid-prompt` for a prompt or partial with errors,
 * and `invalid-input` with every missing or wrong input, both before anything is rendered.
 */
export async function renderPrompt(prompt: Prompt, renderInput: RenderInput, env: RenderEnv): Promise<RenderedPrompt> {
  refuseBroken(prompt, env.workspaceRoots, prompt.errors ?? templateErrors(prompt));
  const input = await checkedInput(prompt, renderInput, env);
  const template = new CompiledPrompt(prompt, await loadPartials(prompt, env), env);
  return template.render({ ...renderInput, input });
}

/** Renders a prompt many times, with the partials as they are now: each input takes a fraction of the first one's time. */
export async function createRenderer(
  prompt: Prompt,
  env: RenderEnv,
): Promise<(renderInput: RenderInput) => Promise<RenderedPrompt>> {
  refuseBroken(prompt, env.workspaceRoots, prompt.errors ?? templateErrors(prompt));
  const template = new CompiledPrompt(prompt, await loadPartials(prompt, env), env);
  let last: Promise<unknown> = Promise.resolve();
  return async (renderInput) => {
    const input = await checkedInput(prompt, renderInput, env);
    // one at a time: they share the counts and the texts that are kept
    const rendered = last.then(() => template.render({ ...renderInput, input }));
    last = rendered.catch(() => undefined);
    return rendered;
  };
}

async function checkedInput(
  prompt: Prompt,
  renderInput: RenderInput,
  { workspaceRoots }: RenderEnv,
): Promise<Record<string, unknown>> {
  const input = { ...prompt.input.defaults, ...definedFields(renderInput.input) };
  if (prompt.input.schema) refuseInput(prompt, workspaceRoots, await validateInput(prompt.input.schema, input));
  return input;
}

/** A template ready to be rendered, one input at a time. */
class CompiledPrompt {
  readonly #prompt: Prompt;
  readonly #env: RenderEnv;
  readonly #budget = createRenderBudget(RUN_LIMITS);
  readonly #guard = new MarkerGuard(this.#budget);
  readonly #calls: PartialCalls = { count: 0 };
  readonly #contentHash: string;
  readonly #compiled: ReturnType<typeof compileGuarded>;
  #turns = 0;

  constructor(prompt: Prompt, partials: ReadonlyMap<string, string>, env: RenderEnv) {
    this.#prompt = prompt;
    this.#env = env;
    this.#contentHash = contentHash(prompt.source, partials);
    this.#compiled = compileGuarded(prompt, partials, {
      guard: this.#guard,
      budget: this.#budget,
      calls: this.#calls,
      turns: () => this.#turns,
    });
    // it is awaited by the rendering
    this.#compiled.catch(() => {});
  }

  async render({
    input,
    history: turns = [],
    context,
    docs,
    limits = RUN_LIMITS,
  }: RenderInput): Promise<RenderedPrompt> {
    const [prompt, env, guard] = [this.#prompt, this.#env, this.#guard];
    throwIfAborted(env.signal);
    this.#budget.restart(limits);
    guard.restart();
    this.#calls.count = 0;
    const history = toDotpromptHistory(turns);
    this.#turns = history.messages.length;
    const data = {
      input,
      messages: history.messages,
      ...(context ? { context } : {}),
      ...(docs ? { docs } : {}),
    } as DataArgument;
    const rendered = await this.#renderData(data).catch((error: unknown) => {
      throw explainRenderError(error, prompt, env.workspaceRoots);
    });
    throwIfAborted(env.signal);
    const media = declaredMedia(prompt.ext.llmops?.media, input);
    return {
      messages: await toMessages(rendered, { guard, originals: history.originals, media, env }),
      parameters: prompt.parameters,
      output: prompt.output,
      tools: prompt.tools,
      model: prompt.model?.text,
      contentHash: this.#contentHash,
    };
  }

  async #renderData(data: DataArgument) {
    const render = await this.#compiled;
    return (await render(data)).messages;
  }
}

/** Partials may call each other many times; more than this would fill the memory before it filled a context window. */
const MAX_RENDERED_TEMPLATES = 100_000;

interface PartialCalls {
  count: number;
}

interface Guarded {
  guard: MarkerGuard;
  budget: RenderBudget;
  calls: PartialCalls;
  /** Of the conversation so far. */
  turns(): number;
}

/** One dotprompt instance per prompt: by default it shares helpers and partials with all others in the process. */
async function compileGuarded(
  prompt: Prompt,
  partials: ReadonlyMap<string, string>,
  { guard, budget, calls, turns }: Guarded,
): Promise<PromptFunction> {
  const dotprompt = new Dotprompt();
  const handlebars = Handlebars.create();
  // `{{#list}}` calls the `each` of the instance that its helper was created for: this one's, which is counted.
  const { blockHelperMissing } = handlebars.helpers as { blockHelperMissing: Handlebars.HelperDelegate };
  handlebars.registerHelper({
    ...Handlebars.helpers,
    blockHelperMissing,
    ...countedHelpers(budget, turns),
    log: () => '',
  });
  countPartials(handlebars, budget, calls);
  const compile = handlebars.compile;
  // Every template text passes through here, the prompt's own and each partial's.
  handlebars.compile = <T>(source: unknown, options?: CompileOptions) => {
    const ast = typeof source === 'string' ? guard.rewrite(Handlebars.parse(source)) : source;
    const template = compile<T>(ast, options);
    return (context: T, runtime?: Handlebars.RuntimeOptions) => budget.enclose(() => template(context, runtime));
  };
  Object.assign(dotprompt, { handlebars });
  for (const [name, helper] of Object.entries(guard.helpers)) dotprompt.defineHelper(name, helper);
  for (const [name, source] of partials) dotprompt.definePartial(name, source);
  return dotprompt.compile(toDotpromptSource(prompt));
}

/** In characters with the same rendering time. */
const COST_OF_KEY = 32;

type InvokePartial = (partial: unknown, context: unknown, options: { hash?: object }) => unknown;

/** Counts calls of partials of each kind: named, inline and the block of a call. The engine looks this function up. */
function countPartials(handlebars: typeof Handlebars, budget: RenderBudget, calls: PartialCalls): void {
  const vm: { invokePartial: InvokePartial } = Object(handlebars.VM);
  const invokePartial: InvokePartial = function (this: unknown, partial, context, options) {
    calls.count += 1;
    if (calls.count > MAX_RENDERED_TEMPLATES) throw new RangeError('Too many partials.');
    budget.iteration();
    // A call with `name=value` has copied its context, even if that is a long text: a key takes as long as a line of
    // text.
    if (options.hash && typeof context === 'object' && context !== null)
      budget.scratch(COST_OF_KEY * Object.keys(context).length);
    return vm.invokePartial.call(this, partial, context, options);
  };
  Object.assign(handlebars, { VM: { ...vm, invokePartial } });
}

/** A message takes as long as this many iterations of a loop that prints a value. */
const COST_OF_MESSAGE = 10;

/** The helpers whose work grows with the values that they receive. */
function countedHelpers(budget: RenderBudget, turns: () => number): Record<string, Handlebars.HelperDelegate> {
  const { each, history, json, lookup, role } = Handlebars.helpers as Record<
    'each' | 'history' | 'json' | 'lookup' | 'role',
    Handlebars.HelperDelegate
  >;
  return {
    role(this: unknown, ...args: unknown[]) {
      budget.iteration(COST_OF_MESSAGE);
      return role.apply(this, args as Parameters<typeof role>);
    },
    history(this: unknown, ...args: unknown[]) {
      budget.iteration(turns());
      return history.apply(this, args as Parameters<typeof history>);
    },
    lookup(this: unknown, from: unknown, key: unknown, ...rest: unknown[]) {
      // a list as a key is converted to text
      const name = typeof key === 'object' && key !== null && rest.length > 0 ? String(key) : key;
      if (name !== key) budget.scratch(String(name).length);
      return lookup.call(this, from, name, ...rest);
    },
    each(this: unknown, list: unknown, options?: Handlebars.HelperOptions) {
      if (!options) return each.call(this, list);
      const fn: Handlebars.HelperOptions['fn'] = (item, inner) => {
        budget.iteration();
        return budget.enclose(() => options.fn(item, inner));
      };
      return each.call(this, list, { ...options, fn });
    },
    json(this: unknown, ...args: unknown[]) {
      const text: unknown = json.apply(this, args as Parameters<typeof json>);
      budget.scratch(String(text).length);
      return text;
    },
  };
}

/** The value of `@metadata.prompt` in the template. Schemas are excluded: dotprompt would compile them once more. */
function toDotpromptSource(prompt: Prompt): DotpromptSource {
  const data = prompt.frontMatter?.data ?? {};
  const { input: _input, output: _output, tools: _tools, toolDefs: _toolDefs, config, ...metadata } = data;
  return {
    ...metadata,
    ext: prompt.ext,
    config: typeof config === 'object' && config !== null ? config : {},
    metadata: {},
    template: prompt.template.text,
  } as DotpromptSource;
}

/** For a prompt that was not created by `parsePrompt`, or was changed since. */
function templateErrors(prompt: Prompt): Diagnostic[] {
  const { start } = prompt.template.range;
  return parseTemplate(prompt.template.text)
    .problems.filter(({ severity }) => severity === 'error')
    .map((problem) => ({ ...problem, range: { start: problem.range.start + start, end: problem.range.end + start } }));
}
