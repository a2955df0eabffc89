import type { EvalPlan } from '../../core/evals/run/eval-plan.ts';
import type { EvalListed } from '../../core/store/evals/eval-record.ts';
import { formatCount, formatList, formatNumber, formatUsd } from '../../shared/format.ts';

/** A question before something is sent, and the text in place of it if nothing is. */
export interface Confirmation {
  question: string;
  detail: string;
  /** False if nobody receives data: nothing is asked then. */
  isNeeded: boolean;
}

type Plan = Pick<EvalPlan, 'spec' | 'columns' | 'counts' | 'estimate' | 'providers' | 'notices'>;

/** What a run does, for the confirmation before it. */
export function describePlan(plan: Plan): Confirmation {
  const { spec, counts, providers, notices } = plan;
  const lines = [`${requestsText(plan)}.`, receiversText(plan), `${costText(plan)}.`, ...notices];
  return {
    question: `Run ${spec.name} on ${formatCount(counts.cases, 'case')}?`,
    detail: lines.join('\n'),
    isNeeded: providers.length > 0,
  };
}

/** `1,200 requests: 200 cases, 2 columns, 3 repeats, of which 400 answers are reused`. */
function requestsText({ spec, columns, counts }: Plan): string {
  const { cases, requests, cached } = counts;
  if (requests === 0) return `No requests: ${formatCount(cases, 'answer')} of the dataset ${are(cases)} scored`;
  const parts = [
    formatCount(cases, 'case'),
    formatCount(columns.length, 'column'),
    spec.repeats > 1 && formatCount(spec.repeats, 'repeat'),
  ];
  const isShared = requests < counts.cases * columns.length * spec.repeats;
  const equal = isShared ? ', equal ones sent once' : '';
  const reused = cached ? `, of which ${formatCount(cached, 'answer')} ${are(cached)} reused` : '';
  return `${formatCount(requests, 'request')}: ${parts.filter(Boolean).join(', ')}${equal}${reused}`;
}

function receiversText({ providers, counts }: Plan): string {
  if (providers.length > 0) return `Data is sent to ${formatList(providers)}.`;
  return counts.requests === 0 ? 'Nothing is sent.' : 'Nothing is sent: demo models answer on this machine.';
}

function costText({ estimate, spec }: Plan): string {
  const { usd, ceilingUsd, simulated } = estimate;
  const limit = spec.budgetUsd === undefined ? '' : `, limited to ${formatUsd(spec.budgetUsd)}`;
  if (usd === undefined) return `The cost is unknown, because a price is${limit}`;
  if (simulated) return `Simulated cost: ${formatUsd(usd, true)}. Nobody pays it`;
  const most = ceilingUsd === undefined ? '' : `, at most ${formatUsd(ceilingUsd)} with the longest answers`;
  return `Estimated cost: ${formatUsd(usd, true)}${most}${limit}`;
}

/** The same before a stored result is continued, from what its answers cost so far. */
export function describeContinuation(
  result: Pick<EvalListed, 'name' | 'columns' | 'counts' | 'totals' | 'simulated'>,
  { verb, requests }: { verb: string; requests: number },
): Confirmation {
  const { name, columns, counts, totals, simulated } = result;
  const models = columns.flatMap(({ model, simulated: isDemo }) => (model === undefined || isDemo ? [] : [model]));
  const targets = columns.flatMap(({ model, prompt }) => (model === undefined && prompt !== undefined ? [prompt] : []));
  const connections = [...new Set(models.map((model) => model.slice(0, model.indexOf('/'))))];
  const finished = counts.passed + counts.failed + counts.errors - counts.cached;
  const usd = totals.costUsd === undefined || finished <= 0 ? undefined : (totals.costUsd / finished) * requests;
  const receivers = [...connections, ...new Set(targets)];
  const lines = [
    `Up to ${formatCount(requests, 'request')}.`,
    receivers.length > 0
      ? `Data is sent to ${formatList(receivers)}.`
      : 'Nothing is sent: demo models answer on this machine.',
    usd === undefined
      ? 'The cost is unknown.'
      : `Estimated from the answers so far: ${formatUsd(usd, true)}${simulated ? ', simulated' : ''}.`,
  ];
  return { question: `${verb} ${name}?`, detail: lines.join('\n'), isNeeded: receivers.length > 0 };
}

/** How many cells have no answer yet. */
export function remainingCells({ counts }: Pick<EvalListed, 'counts'>): number {
  return Math.max(0, counts.cells - counts.passed - counts.failed - counts.errors);
}

/** `24 requests on demo models` for a message that asks nothing. */
export function describeFreeRun({ spec, counts }: Plan): string {
  const what =
    counts.requests === 0
      ? `scoring ${formatCount(counts.cases, 'answer')} of the dataset`
      : `${formatNumber(counts.requests)} ${counts.requests === 1 ? 'request' : 'requests'} to demo models`;
  return `${spec.name}: ${what}. Nothing is sent, and nobody pays.`;
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are';
}
