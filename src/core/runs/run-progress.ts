import { type ErrorInfo, ProviderError, toErrorInfo } from '../base/errors.ts';
import { createEventBatcher, createFrames, type EventBatcher, type Frames } from '../base/event-batcher.ts';
import { REPLACEMENT } from '../base/secrets/redact.ts';
import type { ChatEvent, ChatWarning } from '../models/chat-model.ts';
import type { TokenPrices } from '../models/models.ts';
import type { TokenFamily } from '../models/prices/tokens.ts';
import { SECRET_REMOVED } from '../models/transport/answer-redactor.ts';
import { LONGEST_ANSWER_BYTES } from '../models/transport/body-limit.ts';
import { type Answer, createAnswer } from './answers/answer.ts';
import { cleanResult } from './answers/clean-result.ts';
import { createRawRecord, type RawRecord } from './answers/raw-record.ts';
import { type Piece, ThinkSplitter } from './answers/think-block.ts';
import type { RunEvent, RunResult, RunSpec, SchemaCheck } from './events.ts';
import { LiveFigures } from './live-figures.ts';
import type { RunDeps } from './run-deps.ts';
import { answerTooLongError, endedWithError } from './run-problems.ts';

/** Figures change at most this often: faster is flicker. */
const FIGURES_MS = 100;
/** The elapsed time changes this often while nothing arrives. */
const IDLE_FIGURES_MS = 500;

/** Parts of a run besides its events, for the record; the raw parts only if the setting requests them. */
export interface FinishedRun {
  result: RunResult;
  rawRequest: unknown;
  /** A JSON array of the provider's chunks. */
  rawResponseJson: string | undefined;
}

interface RunStart {
  spec: RunSpec;
  emit(event: RunEvent): void;
  /** A demo model, by the type of its connection. */
  simulated: boolean;
  prices: TokenPrices | undefined;
  /** The model family whose tokenizer counts the answer while it streams. */
  family?: TokenFamily | undefined;
  /** Estimated; undefined if the price is unknown. */
  inputUsd?: number | undefined;
  startedAt: number;
  /** Those of the comparison, whose columns change together. */
  frames?: Frames | undefined;
}

/** A run between its start and its end: what was received, and the events for it. */
export class RunProgress {
  readonly spec: RunSpec;
  readonly answer: Answer = createAnswer();
  readonly figures: LiveFigures;
  readonly startedAt: number;
  readonly simulated: boolean;
  /** The estimated cost of its input. */
  readonly inputUsd: number | undefined;
  ended = false;
  /** The model's own function to remove the secrets of its requests from a text. */
  removeSecrets: ((text: string) => string) | undefined;
  private readonly deps: RunDeps;
  private readonly emit: (event: RunEvent) => void;
  private readonly deltas: EventBatcher<Piece>;
  private readonly raw: RawRecord | undefined;
  private readonly warnings: ChatWarning[] = [];
  private readonly thinking = new ThinkSplitter();
  /** Of text, reasoning and tool calls together. */
  private bytes = 0;
  private readonly idle: NodeJS.Timeout;
  private figuresAt = Number.NEGATIVE_INFINITY;
  private rawRequest: unknown;
  private finish: Extract<ChatEvent, { type: 'finish' }> | undefined;
  private error: ErrorInfo | undefined;

  constructor(deps: RunDeps, start: RunStart) {
    const { spec, emit, simulated, prices, family, inputUsd, startedAt, frames = createFrames() } = start;
    this.deps = deps;
    this.spec = spec;
    this.emit = emit;
    this.startedAt = startedAt;
    this.simulated = simulated;
    this.inputUsd = inputUsd;
    this.figures = new LiveFigures(deps, { prices, family });
    this.raw = deps.settings().recordRaw ? createRawRecord() : undefined;
    this.deltas = createEventBatcher({ frames, send: (pieces) => this.emitPieces(pieces) });
    this.idle = setInterval(() => this.emitFigures(IDLE_FIGURES_MS - 50), IDLE_FIGURES_MS);
    this.idle.unref();
  }

  take(event: ChatEvent): void {
    switch (event.type) {
      case 'text-delta':
        this.takeText(this.withinLimit(event.text));
        break;
      case 'reasoning-delta':
        this.takeReasoning(this.withinLimit(event.text), event.signature);
        break;
      case 'raw':
        this.raw?.add(event.chunk, event.json);
        break;
      case 'usage':
        this.figures.setUsage(event.usage);
        break;
      case 'warning':
        this.warn(event.warning);
        break;
      case 'finish':
        this.finish = event;
        if (event.reason === 'error') this.fail(endedWithError(event.rawReason));
        break;
      case 'alive':
        this.figures.alive();
        break;
      default:
        this.takeWhole(event);
    }
  }

  warn(warning: ChatWarning): void {
    if (this.warnings.some(({ code, message }) => code === warning.code && message === warning.message)) return;
    if (warning.code === 'usage-estimated') this.figures.markEstimated();
    this.warnings.push(warning);
    this.emit({ type: 'run-warning', runId: this.spec.runId, warning });
  }

  /** The first failure counts. */
  fail(error: ErrorInfo): void {
    this.error ??= error;
  }

  /** True once the answer is longer than a column stores: the rest is dropped. */
  get isFull(): boolean {
    return this.bytes > LONGEST_ANSWER_BYTES;
  }

  /** Exactly what the model wrote, if the shown text differs: with the block of its thoughts. */
  rawText(text: string): string | undefined {
    const { prefix } = this.thinking;
    const answer = this.answer.text;
    return prefix === '' && answer === text ? undefined : prefix + answer;
  }

  /** Emits `run-end`. The text received so far stays, however the run ended. */
  async end(stopped: 'stopped' | 'interrupted' | false): Promise<FinishedRun> {
    this.ended = true;
    clearInterval(this.idle);
    this.takePieces(this.thinking.end());
    this.deltas.flush();
    this.deltas.close();
    if (!this.finish && !stopped) this.fail(cutError());
    const state = this.stateAtEnd(stopped);
    const complete = this.finish !== undefined;
    if (complete && !this.figures.hasUsage) this.warn(USAGE_MISSING);
    const figures = this.figures.current(complete);
    const doubt = figures.cost.estimatedBecause;
    if (complete && doubt !== undefined)
      this.warn({ code: 'price-estimated', message: `The cost is an estimate. ${doubt}` });
    const endedAt = this.deps.now();
    const checked = state === 'done' ? await this.check() : { text: this.answer.text, check: undefined };
    const made: RunResult = {
      runId: this.spec.runId,
      state,
      simulated: this.simulated,
      text: checked.text,
      rawText: this.rawText(checked.text),
      reasoning: this.answer.reasoning,
      message: this.answer.message(),
      toolCalls: this.answer.toolCalls,
      finishReason: this.finish?.reason,
      rawFinishReason: this.finish?.rawReason,
      servedModel: this.finish?.servedModel,
      figures,
      warnings: this.warnings,
      schemaCheck: checked.check,
      error: this.error,
      startedAt: this.startedAt,
      endedAt,
    };
    const result = await cleanResult(made, this.removeSecrets);
    if (result !== made) this.warn(SECRET_REMOVED);
    this.emit({ type: 'run-end', runId: this.spec.runId, result });
    return { result, rawRequest: this.raw && this.rawRequest, rawResponseJson: this.rawResponse(result !== made) };
  }

  /** A secret that the server repeated in pieces cannot be found chunk by chunk: then none of the chunks is stored. */
  private rawResponse(held: boolean): string | undefined {
    const { raw, removeSecrets, answer } = this;
    if (!raw || !removeSecrets) return raw?.json();
    // The plain texts: as JSON an endless answer would be copied twice more.
    const rest = answer.message().parts.map((part) => (part.type === 'reasoning' ? part.signature : part.type));
    const shown = [answer.text, answer.reasoning, JSON.stringify([rest, answer.toolCalls, this.error])];
    if (held || shown.some((text) => text.includes(REPLACEMENT)))
      return JSON.stringify([{ withheld: 'The answer repeated a secret of its connection.' }]);
    return removeSecrets(raw.json());
  }

  private stateAtEnd(stopped: 'stopped' | 'interrupted' | false): RunResult['state'] {
    if (this.error) return this.error.code === 'budget' && stopped ? 'stopped' : 'failed';
    return stopped && !this.finish ? stopped : 'done';
  }

  private takeText(text: string): void {
    if (text === '') return;
    const pieces = this.thinking.push(text);
    // Counted as received: the tags are tokens too, and held text was received as well.
    this.figures.count(text, pieces[0]?.kind ?? 'text');
    this.takePieces(pieces);
  }

  private takePieces(pieces: readonly Piece[]): void {
    for (const piece of pieces) {
      if (piece.kind === 'text') this.answer.addText(piece.text);
      else this.answer.addReasoning(piece.text, undefined);
      if (piece.text !== '') this.deltas.push(piece);
    }
  }

  private emitPieces(pieces: readonly Piece[]): void {
    const { runId } = this.spec;
    for (const { kind, text } of joinPieces(pieces)) this.emit({ type: `${kind}-delta`, runId, text });
    // With each batch, so that the figures match the text.
    this.emitFigures(FIGURES_MS);
  }

  /** The part of a piece that still fits. */
  private withinLimit(text: string): string {
    const left = LONGEST_ANSWER_BYTES - this.bytes;
    const bytes = Buffer.byteLength(text);
    this.bytes += bytes;
    if (bytes <= left) return text;
    this.fail(answerTooLongError());
    if (left <= 0) return '';
    return Buffer.from(text)
      .subarray(0, left)
      .toString('utf8')
      .replace(/\uFFFD+$/, '');
  }

  private takeReasoning(text: string, signature: string | undefined): void {
    this.answer.addReasoning(text, signature);
    if (text === '') return;
    this.figures.count(text, 'reasoning');
    this.deltas.push({ kind: 'reasoning', text });
  }

  /** Events of their own, so that no text may overtake them. */
  private takeWhole(event: Extract<ChatEvent, { type: 'request' | 'retry' | 'tool-call' }>): void {
    const { runId } = this.spec;
    this.deltas.flush();
    if (event.type === 'request') {
      const { url, headers, body } = event;
      // Until now the SDK was loaded and credentials were fetched, which is not the model's time.
      if (this.rawRequest === undefined) this.figures.begin();
      this.rawRequest = { url, headers, body };
      this.emit({ type: 'run-request', runId, url, headers, body });
    } else if (event.type === 'retry') {
      const { attempt, waitMs, error } = event;
      this.emit({ type: 'run-retry', runId, attempt, waitMs, error });
    } else {
      const { id, name, input } = event;
      const call = textOfCall(event);
      if (this.withinLimit(call).length < call.length) return;
      this.answer.addToolCall({ id, name, input });
      this.figures.count(call, 'tool');
      this.emit({ type: 'tool-call', runId, call: { id, name, input } });
      this.emitFigures(0);
    }
  }

  private emitFigures(minGapMs: number): void {
    const now = this.deps.clock();
    if (now - this.figuresAt < minGapMs) return;
    this.figuresAt = now;
    this.emit({ type: 'run-figures', runId: this.spec.runId, figures: this.figures.current(false) });
  }

  private async check(): Promise<{ text: string; check: SchemaCheck }> {
    const { text, toolCalls } = this.answer;
    const needsJson = this.spec.output.format === 'json' && (text.trim() !== '' || toolCalls.length === 0);
    if (!needsJson) return { text, check: undefined };
    try {
      return await this.deps.checkAnswer(this.spec.output, text);
    } catch (error) {
      // A schema that cannot be compiled is an error of the file, not of the answer.
      return { text, check: { valid: false, problems: [toErrorInfo(error).message] } };
    }
  }
}

/** Joins adjacent parts of one kind. Texts are flattened at once: a concatenated string is a tree until it is read. */
function joinPieces(pieces: readonly Piece[]): Piece[] {
  const groups: { kind: Piece['kind']; texts: string[] }[] = [];
  for (const { kind, text } of pieces) {
    const last = groups.at(-1);
    if (last?.kind === kind) last.texts.push(text);
    else groups.push({ kind, texts: [text] });
  }
  return groups.map(({ kind, texts }) => ({ kind, text: texts.join('') }));
}

/** The text of a call for counting its tokens. */
export function textOfCall({ name, input }: { name: string; input: unknown }): string {
  return name + JSON.stringify(input ?? null);
}

const USAGE_MISSING: ChatWarning = {
  code: 'usage-estimated',
  message: 'The provider reported no token counts: tokens and cost are estimates.',
};

function cutError(): ErrorInfo {
  return toErrorInfo(
    new ProviderError('The stream ended before the provider reported that the answer was complete.', {
      code: 'stream-cut',
      hint: 'The text received so far is kept. Run it again.',
      retryable: true,
    }),
  );
}
