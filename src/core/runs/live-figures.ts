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

export type LiveFigures = ReturnType<typeof createLiveFigures>;

/** The figures of one run while it streams, and its final ones. */
export function createLiveFigures(
  deps: Pick<RunDeps, 'clock' | 'costOf' | 'createTokenCounter'>,
  { prices, family }: { prices: TokenPrices | undefined; family?: TokenFamily | undefined },
) {
  const counter = deps.createTokenCounter(family);
  let began: number | undefined;
  let firstToken: number | undefined;
  let counted = 0;
  let pieces = 0;
  let refused = false;
  let streamedReasoning = false;
  let inputEstimate: number | undefined;
  let usage: Usage = {};
  let estimatedByProvider = false;
  let contentAt: number | undefined;
  let aliveAt: number | undefined;

  const knownUsage = (complete: boolean, written = counted): Usage => {
    const inputTokens = usage.inputTokens ?? inputEstimate;
    // Until its last event a provider may report outdated tokens (Anthropic's first event says 1).
    const reported = usage.outputTokens;
    const outputTokens =
      complete && reported !== undefined ? reported : atLeast(reported, refused ? written : written || undefined);
    const known: Usage = { ...usage };
    if (inputTokens !== undefined) known.inputTokens = inputTokens;
    if (outputTokens !== undefined) known.outputTokens = outputTokens;
    return known;
  };
  const elapsed = (now: number) => (began === undefined ? 0 : now - began);
  const rate = (known: Usage, now: number): number | undefined => {
    if (firstToken === undefined || pieces < 2 || now - firstToken < SHORTEST_SPAN_MS) return undefined;
    // Reasoning that was never streamed was written before the first token we received.
    const unseen = streamedReasoning ? 0 : (known.reasoningTokens ?? 0);
    const seen = (known.outputTokens ?? 0) - unseen;
    return seen > 0 ? (seen * 1000) / (now - firstToken) : undefined;
  };
  return {
    /** Starts the clock; called when the request is handed to the model. */
    begin(): void {
      began = deps.clock();
      contentAt = began;
      aliveAt = undefined;
    },
    /** The server is alive, but sent no part of the answer. */
    alive(): void {
      aliveAt = deps.clock();
    },
    /** Counts a received piece of text, reasoning or a tool call's input. */
    count(text: string, kind: 'text' | 'reasoning' | 'tool'): void {
      contentAt = deps.clock();
      aliveAt = undefined;
      firstToken ??= contentAt;
      pieces += 1;
      if (kind === 'reasoning') streamedReasoning = true;
      counted = counter.add(text);
    },
    /** Something was received and dropped: the request was read, so its input is billed. */
    refuse(): void {
      refused = true;
    },
    /** The cost of the run by our own count including this text; undefined if the price is unknown. */
    costAfter(text: string): number | undefined {
      const usage = knownUsage(false, text === '' ? counted : counter.after(text));
      // Before the first text nothing was written, which costs nothing.
      const written = { ...usage, outputTokens: usage.outputTokens ?? 0 };
      return deps.costOf(written, prices, { elapsedMs: elapsed(deps.clock()) }).totalUsd;
    },
    setInputEstimate(tokens: number | undefined): void {
      inputEstimate = tokens;
    },
    setUsage(latest: Usage): void {
      usage = latest;
    },
    /** The provider's numbers are themselves estimates (VS Code's models report none). */
    markEstimated(): void {
      estimatedByProvider = true;
    },
    /** True if the provider reported input and output tokens. */
    get hasUsage(): boolean {
      return usage.inputTokens !== undefined && usage.outputTokens !== undefined;
    },
    /** `complete`: the provider has finished, so its numbers are final. */
    current(complete: boolean): RunFigures {
      const now = deps.clock();
      const elapsedMs = elapsed(now);
      const known = knownUsage(complete);
      const waitMs = aliveAt === undefined || complete ? 0 : now - (contentAt ?? aliveAt);
      const exact = complete && usage.inputTokens !== undefined && usage.outputTokens !== undefined;
      return {
        usage: known,
        usageEstimated: estimatedByProvider || !exact,
        cost: reportedCost(usage) ?? deps.costOf(known, prices, { elapsedMs }),
        ttftMs: began === undefined || firstToken === undefined ? undefined : firstToken - began,
        elapsedMs,
        tokensPerSecond: rate(known, now),
        ...(waitMs >= SHORTEST_WAIT_MS ? { aliveMs: waitMs } : {}),
      };
    },
  };
}

/** Undefined only if nothing is known and nothing was received. */
function atLeast(reported: number | undefined, counted: number | undefined): number | undefined {
  return reported === undefined ? counted : Math.max(reported, counted ?? 0);
}
