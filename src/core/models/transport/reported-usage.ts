import { isRecord } from '../../../shared/is-record.ts';
import type { ChatEvent, Usage } from '../chat-model.ts';
import { countOf, recordOf } from './plain-json.ts';

const TICKS_A_DOLLAR = 10_000_000_000;

/**
 * The cost that the provider reports for the request, in dollars: OpenRouter's `cost` (in addition to which the owner
 * of an own key pays the provider behind it), Perplexity's `cost.total_cost`, xAI's ticks, DeepInfra's
 * `estimated_cost`.
 */
export function readReportedCost(usage: Record<string, unknown>): number | undefined {
  const ticks = countOf(usage.cost_in_usd_ticks);
  if (ticks !== undefined) return ticks / TICKS_A_DOLLAR;
  if (isRecord(usage.cost)) return countOf(usage.cost.total_cost);
  const cost = countOf(usage.cost) ?? countOf(usage.estimated_cost);
  if (cost === undefined || usage.is_byok !== true) return cost;
  return cost + (countOf(recordOf(usage.cost_details)?.upstream_inference_cost) ?? 0);
}

/**
 * The token counts of one answer, from all of its chunks. A later zero never overwrites a real count: servers close a
 * stream with empty totals. Zero tokens for a request that was sent, or an answer that arrived, means no count.
 */
export function createUsageMeter(hasContent: () => boolean) {
  let known: Usage = {};
  let last = '';
  const emit = (usage: Usage, out: ChatEvent[]) => {
    const text = JSON.stringify(usage);
    if (text === last || text === '{}') return;
    last = text;
    out.push({ type: 'usage', usage });
  };
  return {
    add(latest: Usage, out: ChatEvent[]): void {
      known = mergeUsage(known, latest);
      emit(withoutZeros(known), out);
    },
    /** At the end: a zero is accepted for an answer that is really empty. */
    end(out: ChatEvent[]): void {
      emit(hasContent() ? withoutZeros(known) : known, out);
    },
  };
}

function mergeUsage(before: Usage, after: Usage): Usage {
  const { served = before.served, ...counts } = after;
  const merged: Usage = { ...before };
  for (const [name, value] of Object.entries(counts) as [keyof typeof counts, number | undefined][]) {
    if (value !== undefined && (value > 0 || !before[name])) merged[name] = value;
  }
  return served === undefined ? merged : { ...merged, served };
}

function withoutZeros({ inputTokens, outputTokens, ...rest }: Usage): Usage {
  const usage: Usage = {};
  if (inputTokens) usage.inputTokens = inputTokens;
  if (outputTokens) usage.outputTokens = outputTokens;
  return { ...usage, ...rest };
}
