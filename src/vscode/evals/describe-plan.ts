import { describeCost } from '../../core/evals/report/describe-cost.ts';
import type { EvalPlan, ResumePlan } from '../../core/evals/run/eval-plan.ts';
import { formatCount, formatList } from '../../shared/format.ts';

/** A question before something is sent, and the text in place of it if nothing is. */
export interface Confirmation {
  question: string;
  /** One for each line of the dialog. */
  details: string[];
  /** False if nobody receives data: nothing is asked then. */
  isNeeded: boolean;
}

type Plan = Pick<EvalPlan, 'spec' | 'columns' | 'counts' | 'estimate' | 'providers' | 'notices'>;

/** What a run does, for the confirmation before it. */
export function describePlan(plan: Plan): Confirmation {
  const { spec, counts, providers, notices } = plan;
  const details = [
    `${requestsText(plan)}.`,
    receiversText(plan),
    `${describeCost({ estimate: plan.estimate, budgetUsd: spec.budgetUsd })}.`,
    ...notices,
  ];
  return {
    question: `Run ${spec.name} on ${formatCount(counts.cases, 'case')}?`,
    details,
    isNeeded: providers.length > 0,
  };
}

/**
 * `800 requests: 200 cases, 2 columns, 3 repeats, without 400 stored answers that are reused`. Of many cases it was not
 * looked up which requests are equal or answered already.
 */
function requestsText({ spec, columns, counts }: Plan): string {
  const { cases, requests, cached } = counts;
  if (requests === 0) return `No requests: ${formatCount(cases, 'answer')} of the dataset ${are(cases)} scored`;
  const parts = [
    formatCount(cases, 'case'),
    formatCount(columns.length, 'column'),
    spec.repeats > 1 && formatCount(spec.repeats, 'repeat'),
  ];
  const listed = parts.filter(Boolean).join(', ');
  if (cached === undefined && spec.cache !== 'off') {
    const reused = spec.cache === 'read' ? 'stored answers are reused, and ' : '';
    return `Up to ${formatCount(requests, 'request')}: ${listed}; ${reused}equal requests are sent once`;
  }
  const isShared = requests < counts.cases * columns.length * spec.repeats;
  const equal = isShared ? ', equal ones sent once' : '';
  const stored = cached ? formatCount(cached, 'stored answer') : '';
  if (cached === requests) return `No requests: ${listed}, ${stored} ${are(cached)} reused`;
  const reused = cached ? `, without ${stored} that ${are(cached)} reused` : '';
  return `${formatCount(requests - (cached ?? 0), 'request')}: ${listed}${equal}${reused}`;
}

function receiversText({ providers, counts }: Pick<Plan, 'providers' | 'counts'>): string {
  if (providers.length > 0) return `Data is sent to ${formatList(providers)}.`;
  return counts.requests === 0 ? 'Nothing is sent.' : 'Nothing is sent: demo models answer on this machine.';
}

interface Continued {
  /** Of the result. */
  name: string;
  verb: string;
  plan: ResumePlan;
}

/** The same before a stored result is continued, or some of its cases are answered again. */
export function describeContinuation({ name, verb, plan }: Continued): Confirmation {
  const { requests, estimate, providers } = plan;
  const counts = { cases: requests, requests, cached: undefined };
  const details = [
    requests === 0 ? 'No requests.' : `Up to ${formatCount(requests, 'request')}.`,
    receiversText({ providers, counts }),
    `${describeCost({ estimate, budgetUsd: undefined })}.`,
  ];
  return { question: `${verb} ${name}?`, details, isNeeded: providers.length > 0 };
}

/** `24 requests on demo models` for a message that asks nothing. */
export function describeFreeRun({ spec, counts }: Plan): string {
  const asked = counts.requests - (counts.cached ?? 0);
  const reused = counts.cached ? `, ${formatCount(counts.cached, 'stored answer')} reused` : '';
  const what =
    counts.requests === 0
      ? `scoring ${formatCount(counts.cases, 'answer')} of the dataset`
      : `${formatCount(asked, 'request')} to demo models${reused}`;
  return `${spec.name}: ${what}. Nothing is sent, and nobody pays.`;
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are';
}
