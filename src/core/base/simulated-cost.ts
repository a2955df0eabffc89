// The rule for what demo models cost. core and the panels, which must not import it, each have this file: a test holds them equal.

/** Nobody pays for a demo model: its cost only shows what prices do. The id is reserved, so no other server can have it. */
export function isSimulated(model: string): boolean {
  return model.startsWith('demo/');
}

/** `$0.0065 (simulated)` where the cost is that of a demo model. What is unknown or nothing needs no mark. */
export function markSimulated(cost: string, model: string): string {
  return isSimulated(model) && cost !== '—' ? `${cost} (simulated)` : cost;
}

export interface CostPart {
  usd: number;
  estimated: boolean;
}

/** A sum, apart by who pays. A part is undefined where no cost of its kind is known. */
export interface SplitCost {
  paid: CostPart | undefined;
  simulated: CostPart | undefined;
}

export interface ModelCost {
  model: string;
  /** Undefined where it is not known: it is in no part. */
  usd: number | undefined;
  estimated?: boolean;
}

export function splitCost(costs: Iterable<ModelCost>): SplitCost {
  const split: SplitCost = { paid: undefined, simulated: undefined };
  for (const { model, usd, estimated = false } of costs) {
    if (usd === undefined) continue;
    const kind = isSimulated(model) ? 'simulated' : 'paid';
    const before = split[kind];
    split[kind] = { usd: (before?.usd ?? 0) + usd, estimated: estimated || (before?.estimated ?? false) };
  }
  return split;
}

/**
 * `$0.0123`, `$0.0065 (simulated)`, `$0.0123 + $0.0065 simulated`; a dash where nothing is known. Means are not added up,
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
