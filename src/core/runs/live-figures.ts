import type { Usage } from '../models/chat-model.ts';
import type { TokenPrices } from '../models/models.ts';
import { reportedCost } from '../models/prices/reported-cost.ts';
import type { TokenFamily } from '../models/prices/tokens.ts';
import type { RunFigures } from './events.ts';
import type { RunDeps } from './run-deps.ts';

/** Below this time a rate reflects buffering more than the model. */
const SHORTEST_SPAN_MS = 20;

/** A shorter wait without content is not reported: streams pause. */
const SHORTEST_WAIT_MS = 2_000;

/** The figures of one run while it streams, and its final ones. */
export class LiveFigures {
  private readonly deps: Pick<RunDeps, 'clock' | 'costOf' | 'createTokenCounter'>;
  private readonly prices: TokenPrices | undefined;
  private readonly counter: ReturnType<RunDeps['createTokenCounter']>;
  private began: number | undefined;
  private firstToken: number | undefined;
  private counted = 0;
  private pieces = 0;
  private refused = false;
  private streamedReasoning = false;
  private inputEstimate: number | undefined;
  private usage: Usage = {};
  private estimatedByProvider = false;
  private contentAt: number | undefined;
  private aliveAt: number | undefined;

  constructor(
    deps: Pick<RunDeps, 'clock' | 'costOf' | 'createTokenCounter'>,
    { prices, family }: { prices: TokenPrices | undefined; family?: TokenFamily | undefined },
  ) {
    this.deps = deps;
    this.prices = prices;
    this.counter = deps.createTokenCounter(family);
  }

  /** Starts the clock; called when the request is handed to the model. */
  begin(): void {
    this.began = this.deps.clock();
    this.contentAt = this.began;
    this.aliveAt = undefined;
  }

  /** The server is alive, but sent no part of the answer. */
  alive(): void {
    this.aliveAt = this.deps.clock();
  }

  /** Counts a received piece of text, reasoning or a tool call's input. */
  count(text: string, kind: 'text' | 'reasoning' | 'tool'): void {
    this.contentAt = this.deps.clock();
    this.aliveAt = undefined;
    this.firstToken ??= this.contentAt;
    this.pieces += 1;
    if (kind === 'reasoning') this.streamedReasoning = true;
    this.counted = this.counter.add(text);
  }

  /** Something was received and dropped: the request was read, so its input is billed. */
  refuse(): void {
    this.refused = true;
  }

  /** The cost of the run by our own count including this text; undefined if the price is unknown. */
  costAfter(text: string): number | undefined {
    const usage = this.knownUsage(false, text === '' ? this.counted : this.counter.after(text));
    // Before the first text nothing was written, which costs nothing.
    const written = { ...usage, outputTokens: usage.outputTokens ?? 0 };
    return this.deps.costOf(written, this.prices, { elapsedMs: this.elapsed(this.deps.clock()) }).totalUsd;
  }

  setInputEstimate(tokens: number | undefined): void {
    this.inputEstimate = tokens;
  }

  setUsage(latest: Usage): void {
    this.usage = latest;
  }

  /** The provider's numbers are themselves estimates (VS Code's models report none). */
  markEstimated(): void {
    this.estimatedByProvider = true;
  }

  /** True if the provider reported input and output tokens. */
  get hasUsage(): boolean {
    return this.usage.inputTokens !== undefined && this.usage.outputTokens !== undefined;
  }

  /** True if a request was sent whose input nobody has counted. */
  get lacksInput(): boolean {
    return this.began !== undefined && this.usage.inputTokens === undefined && this.inputEstimate === undefined;
  }

  /** `complete`: the provider has finished, so its numbers are final. */
  current(complete: boolean): RunFigures {
    const now = this.deps.clock();
    const elapsedMs = this.elapsed(now);
    const known = this.knownUsage(complete);
    const waitMs = this.aliveAt === undefined || complete ? 0 : now - (this.contentAt ?? this.aliveAt);
    const exact = complete && this.hasUsage;
    return {
      usage: known,
      usageEstimated: this.estimatedByProvider || !exact,
      cost: reportedCost(this.usage) ?? this.deps.costOf(known, this.prices, { elapsedMs }),
      ttftMs: this.began === undefined || this.firstToken === undefined ? undefined : this.firstToken - this.began,
      elapsedMs,
      tokensPerSecond: this.rate(known, now),
      ...(waitMs >= SHORTEST_WAIT_MS ? { aliveMs: waitMs } : {}),
    };
  }

  private knownUsage(complete: boolean, written = this.counted): Usage {
    const inputTokens = this.usage.inputTokens ?? this.inputEstimate;
    // Until its last event a provider may report outdated tokens (Anthropic's first event says 1).
    const reported = this.usage.outputTokens;
    const outputTokens =
      complete && reported !== undefined ? reported : atLeast(reported, this.refused ? written : written || undefined);
    const known: Usage = { ...this.usage };
    if (inputTokens !== undefined) known.inputTokens = inputTokens;
    if (outputTokens !== undefined) known.outputTokens = outputTokens;
    return known;
  }

  private elapsed(now: number): number {
    return this.began === undefined ? 0 : now - this.began;
  }

  private rate(known: Usage, now: number): number | undefined {
    if (this.firstToken === undefined || this.pieces < 2 || now - this.firstToken < SHORTEST_SPAN_MS) return undefined;
    // Reasoning that was never streamed was written before the first token we received.
    const unseen = this.streamedReasoning ? 0 : (known.reasoningTokens ?? 0);
    const seen = (known.outputTokens ?? 0) - unseen;
    return seen > 0 ? (seen * 1000) / (now - this.firstToken) : undefined;
  }
}

/** Undefined only if nothing is known and nothing was received. */
function atLeast(reported: number | undefined, counted: number | undefined): number | undefined {
  return reported === undefined ? counted : Math.max(reported, counted ?? 0);
}
