import type { Feedback, Figures, Measured, Metric, Scorer } from './metric.ts';

type Described = Pick<Metric, 'id' | 'title' | 'description' | 'scale' | 'direction'>;

/** A figure of the answer itself, such as its latency. Unknown ones have no value, which is no error. */
function ofFigures(described: Described, value: (figures: Figures) => number | undefined): Metric {
  return {
    ...described,
    needs: ['figures'],
    parameters: {},
    createScorer: async (): Promise<Scorer> => ({
      score: ({ figures }) => known(figures && value(figures), `This answer has no known ${described.title}.`),
    }),
  };
}

const lower = { scale: 'count', direction: 'lower' } as const;

export const operationalMetrics: readonly Metric[] = [
  ofFigures(
    { id: 'ttftMs', title: 'time to first token', description: 'Milliseconds until the first token.', ...lower },
    ({ ttftMs }) => ttftMs,
  ),
  ofFigures(
    { id: 'latencyMs', title: 'latency', description: 'Milliseconds until the end of the answer.', ...lower },
    ({ latencyMs }) => latencyMs,
  ),
  ofFigures(
    {
      id: 'tokensPerSecond',
      title: 'tokens/s',
      description: 'Output tokens per second after the first one.',
      scale: 'count',
      direction: 'higher',
    },
    tokensPerSecond,
  ),
  ofFigures(
    { id: 'inputTokens', title: 'input tokens', description: 'Tokens of the request.', ...lower },
    ({ inputTokens }) => inputTokens,
  ),
  ofFigures(
    { id: 'outputTokens', title: 'output tokens', description: 'Tokens of the answer, with its reasoning.', ...lower },
    ({ outputTokens }) => outputTokens,
  ),
  ofFigures(
    { id: 'totalTokens', title: 'tokens', description: 'Tokens of the request and the answer.', ...lower },
    ({ inputTokens, outputTokens }) => {
      return inputTokens === undefined || outputTokens === undefined ? undefined : inputTokens + outputTokens;
    },
  ),
  ofFigures(
    { id: 'costUsd', title: 'cost', description: 'US dollars for the answer; a cached one costs 0.', ...lower },
    ({ costUsd }) => costUsd,
  ),
  ofFigures(
    {
      id: 'errorRate',
      title: 'error rate',
      description: '1 if there is no whole answer, else 0.',
      scale: '0-1',
      direction: 'lower',
    },
    ({ isError }) => Number(isError),
  ),
  ofFigures(
    {
      id: 'cacheHits',
      title: 'cache hits',
      description: '1 if an earlier answer to the same request was used, else 0.',
      scale: '0-1',
      direction: 'higher',
    },
    ({ cached }) => Number(cached),
  ),
];

function tokensPerSecond({ ttftMs, latencyMs, outputTokens, cached: _ }: Figures): number | undefined {
  if (ttftMs === undefined || latencyMs === undefined || outputTokens === undefined) return undefined;
  return latencyMs > ttftMs ? (outputTokens * 1000) / (latencyMs - ttftMs) : undefined;
}

function known(value: number | undefined, reason: string): Measured {
  return value === undefined ? { value: null, reason } : { value };
}

/** What users said, in the panel or in a column of the dataset. */
function ofFeedback(described: Described & { id: keyof Feedback }, values: (written: unknown) => number | undefined) {
  const { id } = described;
  return {
    ...described,
    needs: ['feedback'],
    parameters: {},
    createScorer: async (): Promise<Scorer> => ({
      score({ feedback }) {
        const written = feedback?.[id];
        if (written === undefined || written === null || written === '') {
          return { value: null, reason: `Not rated, and the row has no column "${id}".` };
        }
        return known(values(written), `"${String(written)}" is no value of "${id}".`);
      },
    }),
  } satisfies Metric;
}

export const businessMetrics: readonly Metric[] = [
  ofFeedback(
    {
      id: 'thumbs',
      title: 'satisfaction',
      description: 'The rating of the answer in the panel, or else the column `thumbs`: up is 1, down is 0.',
      scale: '0-1',
      direction: 'higher',
    },
    yesNo,
  ),
  ofFeedback(
    {
      id: 'csat',
      title: 'CSAT',
      description: 'The rating of the answer in the panel, or else the column `csat`: from 1 to 5.',
      scale: 'count',
      direction: 'higher',
    },
    (written) => {
      const rating = typeof written === 'string' ? Number(written) : written;
      return typeof rating === 'number' && rating >= 1 && rating <= 5 ? rating : undefined;
    },
  ),
  ofFeedback(
    {
      id: 'completed',
      title: 'task completion',
      description:
        'The rating of the answer in the panel, or else the column `completed`: whether the task was completed.',
      scale: '0-1',
      direction: 'higher',
    },
    yesNo,
  ),
  ofFeedback(
    {
      id: 'escalated',
      title: 'escalation rate',
      description:
        'The rating of the answer in the panel, or else the column `escalated`: whether a person had to take over.',
      scale: '0-1',
      direction: 'lower',
    },
    yesNo,
  ),
];

const YES: readonly unknown[] = ['up', 'yes', 'true', '1', '👍'];
const NO: readonly unknown[] = ['down', 'no', 'false', '0', '-1', '👎'];

function yesNo(written: unknown): number | undefined {
  const text = String(written).trim().toLowerCase();
  if (YES.includes(text)) return 1;
  return NO.includes(text) ? 0 : undefined;
}
