/** `$0.0065 (simulated)` for the cost of a demo model. An unknown cost is not marked. */
export function markSimulated(cost: string, simulated: boolean | undefined): string {
  return simulated && cost !== '—' ? `${cost} (simulated)` : cost;
}

interface CostPart {
  usd: number;
  estimated: boolean;
}

/** A sum, split into paid and simulated costs. A part is undefined if no cost of its kind is known. */
export interface SplitCost {
  paid: CostPart | undefined;
  simulated: CostPart | undefined;
}

export interface KnownCost {
  simulated: boolean | undefined;
  /** Undefined if unknown; it is then not part of the sum. */
  usd: number | undefined;
  estimated?: boolean;
}

export function splitCost(costs: Iterable<KnownCost>): SplitCost {
  const split: SplitCost = { paid: undefined, simulated: undefined };
  for (const { simulated, usd, estimated = false } of costs) {
    if (usd === undefined) continue;
    const kind = simulated ? 'simulated' : 'paid';
    const before = split[kind];
    split[kind] = { usd: (before?.usd ?? 0) + usd, estimated: estimated || (before?.estimated ?? false) };
  }
  return split;
}

/**
 * `$0.0123`, `$0.0065 (simulated)`, `$0.0123 + $0.0065 simulated`; a dash if nothing is known. Means cannot be added,
 * so they are joined by a comma.
 */
export function formatSplitCost(
  { paid, simulated }: SplitCost,
  format: (usd: number, estimated: boolean) => string,
  { join = ' + ' }: { join?: ' + ' | ', ' } = {},
): string {
  const show = ({ usd, estimated }: CostPart) => format(usd, estimated);
  if (paid && simulated) return `${show(paid)}${join}${show(simulated)} simulated`;
  if (simulated) return `${show(simulated)} (simulated)`;
  return paid ? show(paid) : '—';
}
