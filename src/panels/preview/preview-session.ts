import { toErrorInfo, UserError } from '../../core/base/errors.ts';
import type { Log } from '../../core/base/ports.ts';
import type { Settings } from '../../core/base/settings.ts';
import type { Message, Part } from '../../core/models/chat-model.ts';
import type { InputField, RenderedPrompt } from '../../core/prompts/prompt.ts';
import type { RunSpec } from '../../core/runs/events.ts';
import type { Workbench } from '../../core/workbench.ts';
import type { ErrorInfo, PreviewEvent, PreviewSnapshot, Rendering } from '../../protocol/preview.ts';
import { formatBytes } from '../../shared/format.ts';
import { createPanelEvents, type PanelEvents } from '../session/panel-events.ts';
import { type PromptSource, startingInput } from '../session/panel-prompt.ts';
import { PromptState } from '../session/prompt-state.ts';
import { recallSession, rememberInput } from '../session/session-memory.ts';

interface PreviewOptions {
  workbench: Workbench;
  source: PromptSource;
  settings(): Settings;
  log: Log;
  send(seq: number, events: PreviewEvent[]): void;
  /** True if the workspace has a history. A preview must not create a database. */
  hasHistory(): Promise<boolean>;
}

/** The state of one Preview: the prompt as shown in the editor, with the inputs that Compare also uses. */
export class PreviewSession {
  readonly #options: PreviewOptions;
  readonly #prompt: PromptState;
  #rendering: Rendering = {
    ok: true,
    messages: [],
    missing: [],
    estimate: undefined,
    parts: undefined,
    request: { ok: true, url: '', body: '' },
  };
  #token = 0;
  readonly #events: PanelEvents<PreviewEvent>;

  private constructor(options: PreviewOptions) {
    this.#options = options;
    const { workbench, source, settings } = options;
    this.#events = createPanelEvents(options.send);
    this.#prompt = new PromptState({ workbench, source, defaultModel: () => settings().defaultModel });
  }

  static async create(options: PreviewOptions): Promise<PreviewSession> {
    const session = new PreviewSession(options);
    const prompt = session.#prompt;
    await prompt.parse();
    const known = await options.hasHistory();
    const recalled = known ? await recallSession(options.workbench, options.source.path) : undefined;
    prompt.input = startingInput(prompt.fields, prompt.parsed.prompt.input.defaults, recalled?.remembered.input);
    await session.#render();
    return session;
  }

  get source(): PromptSource {
    return this.#prompt.source;
  }

  get input(): Record<string, unknown> {
    return this.#prompt.input;
  }

  get fields(): InputField[] {
    return this.#prompt.fields;
  }

  snapshot(): PreviewSnapshot {
    this.#events.flush();
    const { view: prompt, input, problems: inputProblems } = this.#prompt;
    return { seq: this.#events.seq, prompt, input, inputProblems, rendering: this.#rendering };
  }

  /** The text in the editor changed, or was saved. New inputs start with their defaults; typed values are kept. */
  async setSource(source: PromptSource): Promise<void> {
    const before = this.#prompt.fields;
    await this.#prompt.parse(source);
    const { fields, parsed } = this.#prompt;
    const added = fields.filter(({ name }) => !before.some((field) => field.name === name));
    this.#prompt.input = { ...startingInput(added, parsed.prompt.input.defaults, undefined), ...this.#prompt.input };
    this.#events.push({ type: 'prompt', prompt: this.#prompt.view });
    await this.#render();
  }

  async setInput(input: Record<string, unknown>): Promise<void> {
    this.#prompt.input = input;
    await this.#render();
    void this.#remember();
  }

  /** Models, prices or a partial changed. */
  async refresh(): Promise<void> {
    await this.#prompt.parse();
    this.#events.push({ type: 'prompt', prompt: this.#prompt.view });
    await this.#render();
  }

  /** The full request body, for the clipboard. */
  requestBody(): string {
    const { request } = this.#rendering.ok ? this.#rendering : {};
    if (request?.ok) return request.body;
    throw new UserError('There is no request to copy.', {
      code: 'usage',
      hint: 'Fix the prompt or its inputs first.',
    });
  }

  dispose(): void {
    this.#events.close();
  }

  /** A result that a later change has overtaken is discarded, so that the panel never goes back. */
  async #render(): Promise<void> {
    const token = ++this.#token;
    const rendering = await this.#readRendering();
    if (token !== this.#token) return;
    this.#rendering = rendering;
    const { input, problems } = this.#prompt;
    this.#events.push({ type: 'input', input, problems });
    this.#events.push({ type: 'rendering', rendering });
    // This change causes no more events, so there is no reason to wait.
    this.#events.flush();
  }

  async #readRendering(): Promise<Rendering> {
    try {
      const { rendered, values } = await this.#prompt.renderNow();
      return await this.#describe(rendered, values);
    } catch (error) {
      const info = toErrorInfo(error);
      return info.code === 'invalid-input' ? this.#draft(info) : { ok: false, error: info };
    }
  }

  /** If inputs are missing, the messages are still useful to the author, with names in place of the values. */
  async #draft(refused: ErrorInfo): Promise<Rendering> {
    const { describeWrong, fillIn, missingInputs } = await import('../../core/prompts/schema/missing-inputs.ts');
    const { missing, wrong } = missingInputs(this.#prompt.fields, this.#prompt.problems);
    if (wrong.length > 0) return { ok: false, error: { code: 'invalid-input', message: describeWrong(wrong) } };
    if (missing.length === 0) return { ok: false, error: refused };
    const error: ErrorInfo = { code: 'invalid-input', message: fillIn(missing) };
    try {
      const { messages } = await this.#prompt.renderDraft(missing);
      return {
        ok: true,
        messages: messages.map((message) => ({ message: withoutData(message), tokens: undefined })),
        missing: missing.map(({ name }) => name),
        estimate: undefined,
        parts: undefined,
        request: { ok: false, error },
      };
    } catch {
      // A name cannot replace an image or a number, so there is nothing to show without the values.
      return { ok: false, error };
    }
  }

  async #describe(rendered: RenderedPrompt, input: Record<string, unknown>): Promise<Rendering> {
    const { workbench, log } = this.#options;
    const { prompt } = this.#prompt.parsed;
    const model = this.#prompt.view.model.ref;
    const [spec] = await workbench.runs.plan({ input, columns: [{ prompt, model, rendered }] });
    if (!spec) throw new UserError('This prompt has no request.', { code: 'internal' });
    const [parts, estimate, request] = await Promise.all([
      workbench.runs.inputParts(spec).catch((error: unknown) => {
        log.debug(`Could not estimate the tokens for ${model}: ${String(error)}`);
        return undefined;
      }),
      workbench.runs.estimate(spec),
      this.#readRequest(spec),
    ]);
    const messages = rendered.messages.map((message, index) => {
      return { message: withoutData(message), tokens: parts?.messages[index] };
    });
    return { ok: true, messages, missing: [], estimate, parts, request };
  }

  async #readRequest(spec: RunSpec): Promise<Extract<Rendering, { ok: true }>['request']> {
    try {
      return { ok: true, ...(await this.#options.workbench.runs.previewRequest(spec)) };
    } catch (error) {
      return { ok: false, error: toErrorInfo(error) };
    }
  }

  async #remember(): Promise<void> {
    const { workbench, log, hasHistory } = this.#options;
    try {
      if (await hasHistory()) await rememberInput(workbench, this.source.path, this.input);
    } catch (error) {
      log.debug(`Could not save the inputs: ${String(error)}`);
    }
  }
}

/**
 * Replaces the data of an image by its type and size, because it would be sent to the panel on every pause in typing.
 */
function withoutData(message: Message): Message {
  return { ...message, parts: message.parts.map(shortenPart) };
}

const MAX_URL_LENGTH = 2000;

function shortenPart(part: Part): Part {
  if (part.type !== 'media' || part.url.length <= MAX_URL_LENGTH) return part;
  const kind = part.contentType ?? /^data:([^;,]*)/.exec(part.url)?.[1] ?? 'media';
  return { type: 'text', text: `[${kind}, ${formatBytes(part.url.length * 0.75)}]` };
}
