import { type ErrorInfo, toErrorInfo, UserError } from '../../core/base/errors.ts';
import type { Parameters } from '../../core/models/chat-model.ts';
import type { InputField } from '../../core/prompts/prompt.ts';
import type { RunVersion } from '../../core/store/runs/run-record.ts';
import type { ResolvedVersion } from '../../core/versions/names/resolve-version.ts';
import type { EffectiveContent } from '../../core/versions/results/effective-content.ts';
import type { Versions } from '../../core/versions/versions.ts';
import type { Workbench } from '../../core/workbench.ts';
import type { ColumnVersion, PromptView } from '../../protocol/compare.ts';
import { type PromptSource, startingInput } from '../session/panel-prompt.ts';
import { PromptState } from '../session/prompt-state.ts';
import type { Column } from './compare-columns.ts';

interface Options {
  workbench: Workbench;
  source: PromptSource;
  defaultModel: () => string | undefined;
}

/**
 * The prompts of one comparison: the working text, and each version that a column uses, read once per commit. They
 * share one form, and each uses only its own inputs.
 */
export class ComparePrompts {
  readonly #options: Options;
  readonly working: PromptState;
  /** By commit. An error if the version could not be read. */
  readonly #versions = new Map<string, PromptState | ErrorInfo>();

  constructor(options: Options) {
    this.#options = options;
    this.working = new PromptState(options);
  }

  /** The prompt that a column runs. Throws UserError if its version cannot be read. */
  of({ version }: Pick<Column, 'version'>): PromptState {
    if (!version) return this.working;
    const state = this.#versions.get(version.commit);
    if (state instanceof PromptState) return state;
    const { code = 'unknown-version', message = `${version.label} is not open.`, hint } = state ?? {};
    throw new UserError(message, { code, ...(hint === undefined ? {} : { hint }) });
  }

  /** The parameters in the file of a version, or of the working text. Empty if it could not be read. */
  parametersOf(version: RunVersion | undefined): Parameters {
    const state = version ? this.#versions.get(version.commit) : this.working;
    return state instanceof PromptState ? state.parsed.prompt.parameters : {};
  }

  get input(): Record<string, unknown> {
    return this.working.input;
  }

  set input(input: Record<string, unknown>) {
    for (const state of this.#states()) state.input = input;
  }

  /** The fields of the working text, then those that only a version has. */
  get fields(): InputField[] {
    const fields = new Map(
      this.#states().flatMap((state) => state.fields.map((field) => [field.name, field] as const)),
    );
    for (const field of this.working.fields) fields.set(field.name, field);
    const own = new Set(this.working.fields.map(({ name }) => name));
    return [...this.working.fields, ...[...fields.values()].filter(({ name }) => !own.has(name))];
  }

  get view(): PromptView {
    return { ...this.working.view, fields: this.fields };
  }

  /** Opens a version by its name: a label, `v3`, a hash or anything that git can resolve to a commit. */
  async open(ref: string): Promise<RunVersion> {
    const { versions } = this.#options.workbench;
    const resolved = await versions.names.resolve(`${this.working.source.path}@${await this.#refOf(versions, ref)}`);
    await this.#read(resolved);
    return { label: resolved.label, commit: resolved.commit };
  }

  /**
   * The user may include the prompt's name, as on the command line: `churn-analysis@production`, or `@production`
   * alone.
   */
  async #refOf(versions: Versions, typed: string): Promise<string> {
    if (/^@\w/.test(typed)) return typed.slice(1);
    if (!typed.includes('@')) return typed;
    // `HEAD@{1}` has no prompt name, and is resolved by git
    const found = await versions.names.locate(typed).catch(() => undefined);
    if (found?.ref === undefined) return typed;
    if (found.file === this.working.source.path) return found.ref;
    throw new UserError(`${typed} is a version of another prompt.`, {
      code: 'usage',
      hint: 'Select a version of the prompt that the panel shows.',
    });
  }

  /** Opens a version that ran before. If it no longer exists, its column shows the error. */
  async reopen({ commit }: RunVersion): Promise<void> {
    if (this.#versions.get(commit) instanceof PromptState) return;
    try {
      const { versions } = this.#options.workbench;
      await this.#read(await versions.history.read(commit, this.working.source.path));
    } catch (error) {
      this.#versions.set(commit, toErrorInfo(error));
    }
  }

  async #read(version: ResolvedVersion): Promise<void> {
    if (this.#versions.get(version.commit) instanceof PromptState) return;
    const state = new PromptState({ ...this.#options, version });
    await state.parse();
    state.input = this.working.input;
    this.#versions.set(version.commit, state);
    this.#share();
    // inputs that only this version has start with its defaults
    const added = state.fields.filter(({ name }) => !(name in this.input));
    this.input = { ...startingInput(added, state.parsed.prompt.input.defaults, undefined), ...this.input };
  }

  async parse(source?: PromptSource): Promise<void> {
    await this.working.parse(source);
    this.#share();
  }

  /** Renders all prompts for the current input. False if a later call has overtaken this one. */
  async render(): Promise<boolean> {
    const rendered = await Promise.all(this.#states().map((state) => state.render()));
    return rendered.every(Boolean);
  }

  /** Discards versions that no column uses any more, with the inputs that only they have. */
  keep(columns: readonly Column[]): void {
    const used = new Set(columns.map(({ version }) => version?.commit));
    for (const commit of this.#versions.keys()) if (!used.has(commit)) this.#versions.delete(commit);
    this.#share();
  }

  /** Updates the descriptions of the columns' versions, and returns the columns that changed. */
  async describe(columns: readonly Column[]): Promise<Column[]> {
    const named = columns.filter(({ version }) => version);
    if (named.length === 0) return [];
    const content = await this.#workingContent();
    const changed: Column[] = [];
    for (const column of named) {
      if (!column.version) continue;
      const next = await this.#describe(column.version, content);
      if (JSON.stringify(next) === JSON.stringify(column.version)) continue;
      column.version = next;
      changed.push(column);
    }
    return changed;
  }

  async #describe({ label, commit }: RunVersion, working: EffectiveContent | undefined): Promise<ColumnVersion> {
    const state = this.#versions.get(commit);
    const nothing = { label, commit, parameters: {}, changes: [], unused: [], added: [], problem: undefined };
    if (!(state instanceof PromptState)) return { ...nothing, problem: state };
    const { describeChange } = await import('../../core/versions/describe/describe-change.ts');
    const [names, own] = [this.working, state].map(({ fields }) => fields.map(({ name }) => name));
    return {
      ...nothing,
      parameters: state.parsed.prompt.parameters,
      outputFormat: state.parsed.prompt.output.format,
      changes: working && state.version ? describeChange(working, state.version.content).map(({ text }) => text) : [],
      unused: names?.filter((name) => !own?.includes(name)) ?? [],
      added: own?.filter((name) => !names?.includes(name)) ?? [],
      problem: state.messages.ok ? undefined : state.messages.error,
    };
  }

  /** Undefined if it cannot be read. Then the changes of a version are not shown. */
  async #workingContent(): Promise<EffectiveContent | undefined> {
    const { path, text } = this.working.source;
    const { versions } = this.#options.workbench;
    return versions.saves.workingContent(path, text).catch(() => undefined);
  }

  #states(): PromptState[] {
    return [this.working, ...[...this.#versions.values()].filter((state) => state instanceof PromptState)];
  }

  #share(): void {
    const names = this.fields.map(({ name }) => name);
    for (const state of this.#states()) {
      const own = new Set(state.fields.map(({ name }) => name));
      state.foreign = new Set(names.filter((name) => !own.has(name)));
    }
  }
}
