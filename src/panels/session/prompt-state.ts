import { toErrorInfo } from '../../core/base/errors.ts';
import { FALLBACK_MODEL } from '../../core/base/settings.ts';
import type { InputField, InputProblem, ParsedPrompt, RenderedPrompt } from '../../core/prompts/prompt.ts';
import type { ResolvedVersion } from '../../core/versions/names/resolve-version.ts';
import type { Workbench } from '../../core/workbench.ts';
import type { CompareSnapshot, PromptView } from '../../protocol/compare.ts';
import { joinProblems, type PromptSource, viewPrompt } from './panel-prompt.ts';

interface PromptStateOptions {
  workbench: Workbench;
  source: PromptSource;
  defaultModel: () => string | undefined;
  /** The version to show in place of the source text. */
  version?: ResolvedVersion;
}

/** The prompt of a panel with its inputs. It is parsed, checked and rendered again when one of them changes. */
export class PromptState {
  readonly #workbench: Workbench;
  readonly #defaultModel: () => string | undefined;
  readonly version: ResolvedVersion | undefined;
  #renderToken = 0;
  source: PromptSource;
  parsed!: ParsedPrompt;
  fields: InputField[] = [];
  view!: PromptView;
  /** Names in the form that only other versions of the prompt have as inputs. */
  foreign: ReadonlySet<string> = new Set();
  /** In the form's format: JSON and incomplete numbers are text. */
  input: Record<string, unknown> = {};
  /** The same, converted to the types of the fields by the last read. */
  values: Record<string, unknown> = {};
  /** The hash of the last rendered prompt; undefined before that. */
  contentHash: string | undefined;
  problems: InputProblem[] = [];
  messages: CompareSnapshot['messages'] = { ok: true, messages: [] };

  constructor({ workbench, source, defaultModel, version }: PromptStateOptions) {
    this.#workbench = workbench;
    this.source = source;
    this.#defaultModel = defaultModel;
    this.version = version;
  }

  async parse(source = this.source): Promise<void> {
    this.source = source;
    const parsed = this.version
      ? await this.#workbench.versions.history.loadPrompt(this.version)
      : await this.#workbench.prompts.load(source.path, source.text);
    const [{ inputFields }, { resolveModel }] = await Promise.all([
      import('../../core/prompts/schema/input-fields.ts'),
      import('../../core/prompts/resolve-model.ts'),
    ]);
    this.parsed = parsed;
    this.contentHash = undefined;
    this.fields = inputFields(parsed.prompt);
    const model = resolveModel({
      file: parsed.prompt.model?.text,
      settingDefault: this.#defaultModel(),
      fallback: FALLBACK_MODEL,
    });
    this.view = viewPrompt(source, parsed, { fields: this.fields, model });
  }

  /** Renders for the current input. False if a later call has overtaken this one. */
  async render(): Promise<boolean> {
    const token = ++this.#renderToken;
    let messages: CompareSnapshot['messages'];
    try {
      messages = { ok: true, messages: (await this.renderNow()).rendered.messages };
    } catch (error) {
      messages = { ok: false, error: toErrorInfo(error) };
    }
    if (token !== this.#renderToken) return false;
    this.messages = messages;
    return true;
  }

  /** Throws UserError `invalid-prompt` or `invalid-input`. */
  async renderNow(): Promise<{ rendered: RenderedPrompt; values: Record<string, unknown> }> {
    const { values, problems } = await this.#readInput();
    this.problems = problems;
    this.values = values;
    const { prompt } = this.parsed;
    const rendered = await this.#workbench.prompts.render(prompt, { input: values });
    if (prompt === this.parsed.prompt) this.contentHash = rendered.contentHash;
    return { rendered, values };
  }

  /** Renders with `{{name}}` for missing values and without schema checks. For reading, never for sending. */
  async renderDraft(missing: readonly InputField[]): Promise<RenderedPrompt> {
    const { placeholderInput } = await import('../../core/prompts/schema/missing-inputs.ts');
    const { values } = await this.#readInput();
    const { prompt } = this.parsed;
    const draft = { ...prompt, input: { ...prompt.input, schema: undefined } };
    return this.#workbench.prompts.render(draft, { input: { ...values, ...placeholderInput(missing) } });
  }

  async #readInput(): Promise<{ values: Record<string, unknown>; problems: InputProblem[] }> {
    const [{ readTypedInput }, { validateInput }] = await Promise.all([
      import('../../core/prompts/schema/typed-input.ts'),
      import('../../core/prompts/schema/validate-input.ts'),
    ]);
    const own = Object.entries(this.input).filter(([name]) => !this.foreign.has(name));
    const { values, problems } = readTypedInput(this.fields, Object.fromEntries(own));
    const { schema, defaults } = this.parsed.prompt.input;
    const checked = schema ? await validateInput(schema, { ...defaults, ...values }) : [];
    return { values, problems: joinProblems(problems, checked) };
  }
}
