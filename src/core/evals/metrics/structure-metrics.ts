import type { Metric, Parameter, Scorer } from './metric.ts';
import { LANGUAGES } from './structure/language-metric.ts';
import { SQL_DIALECTS } from './structure/sql.ts';

const yesNo = { scale: 'yes-no', direction: 'higher', threshold: 1 } as const;

const json: readonly Metric[] = [
  {
    id: 'schemaValid',
    title: 'Schema',
    description: 'The answer matches the output schema of its prompt.',
    ...yesNo,
    needs: ['schema'],
    parameters: {},
    createScorer: async () => (await import('./structure/json-metrics.ts')).createSchemaValid(),
  },
  {
    id: 'jsonValid',
    title: 'JSON',
    description: 'The answer is JSON, which may be in a code fence.',
    ...yesNo,
    needs: [],
    parameters: { strict: { type: 'boolean', default: false, description: 'Reject a code fence.' } },
    createScorer: async (parameters) => (await import('./structure/json-metrics.ts')).createJsonValid(parameters),
  },
  {
    id: 'jsonSchema',
    title: 'JSON Schema',
    description: 'The answer matches a JSON Schema.',
    ...yesNo,
    needs: [],
    parameters: { schema: { type: 'object', isRequired: true, description: 'The JSON Schema.' } },
    createScorer: async (parameters) => (await import('./structure/json-metrics.ts')).createJsonSchema(parameters),
  },
  {
    id: 'jsonPath',
    title: 'JSON path',
    description: 'The JSON of the answer has a value at a path, or the expected value there.',
    ...yesNo,
    needs: [],
    parameters: {
      path: { type: 'string', isRequired: true, description: 'The path, such as `factors[0].name`.' },
      value: { description: 'The expected value; without it, any value is enough.' },
    },
    createScorer: async (parameters) => (await import('./structure/json-metrics.ts')).createJsonPath(parameters),
  },
  {
    id: 'parseRate',
    title: 'Parse rate',
    description: 'Whether the answer could be read as JSON; the mean is the share of answers that could.',
    scale: '0-1',
    direction: 'higher',
    needs: [],
    parameters: {},
    createScorer: async () => (await import('./structure/json-metrics.ts')).createJsonValid({}),
  },
];

const code: readonly Metric[] = [
  {
    id: 'xmlValid',
    title: 'XML',
    description: 'The answer is a well-formed XML document.',
    source: 'XML 1.0',
    ...yesNo,
    needs: [],
    parameters: {},
    createScorer: async () => (await import('./structure/markup.ts')).createXmlValid(),
  },
  {
    id: 'htmlValid',
    title: 'HTML',
    description: 'The answer is HTML without parse errors, and each tag is closed where the standard requires it.',
    source: 'WHATWG HTML',
    ...yesNo,
    needs: [],
    parameters: {},
    createScorer: async () => (await import('./structure/markup.ts')).createHtmlValid(),
  },
  {
    id: 'sqlValid',
    title: 'SQL',
    description: 'The answer is SQL in the grammar of a dialect.',
    ...yesNo,
    needs: [],
    parameters: {
      dialect: { type: 'string', enum: [...SQL_DIALECTS], default: 'postgresql', description: 'The dialect.' },
    },
    createScorer: async (parameters) => (await import('./structure/sql.ts')).createSqlValid(parameters),
  },
];

const calls: readonly Metric[] = [
  {
    id: 'toolCallF1',
    title: 'Tool calls F1',
    description: 'F1 of the tool calls: the name and all arguments must be equal.',
    scale: '0-1',
    direction: 'higher',
    needs: ['expectedToolCalls'],
    parameters: {},
    createScorer: async () => (await import('./structure/tool-calls.ts')).createToolCallF1(),
  },
  {
    id: 'toolNameF1',
    title: 'Tool names F1',
    description: 'F1 of the tool calls by name.',
    scale: '0-1',
    direction: 'higher',
    needs: ['expectedToolCalls'],
    parameters: {},
    createScorer: async () => (await import('./structure/tool-calls.ts')).createToolNameF1(),
  },
];

const content: readonly Metric[] = [
  {
    id: 'refusal',
    title: 'Refusal',
    description: 'The answer refuses, by English phrases near its beginning; `not` requires an answer that does not.',
    ...yesNo,
    needs: [],
    parameters: {},
    createScorer: async () => (await import('./structure/refusal.ts')).createRefusal(),
  },
  {
    id: 'language',
    title: 'Language',
    description: 'The answer is in a language.',
    ...yesNo,
    needs: [],
    parameters: {
      value: {
        type: 'string',
        enum: LANGUAGES,
        isRequired: true,
        description: 'The code of the language (ISO 639-1).',
      },
    },
    createScorer: async (parameters) => (await import('./structure/language-metric.ts')).createLanguage(parameters),
  },
];

const k: Parameter = { type: 'integer', minimum: 1, default: 10, description: 'How many of the first ids count.' };

type Ranking = typeof import('./retrieval/ranking.ts');

const retrieval = (
  metric: Pick<Metric, 'id' | 'title' | 'description' | 'source' | 'parameters'>,
  create: (ranking: Ranking) => Ranking['createNdcg'],
): Metric => ({
  ...metric,
  scale: '0-1',
  direction: 'higher',
  needs: ['retrieval'],
  createScorer: async (parameters): Promise<Scorer> => create(await import('./retrieval/ranking.ts'))(parameters),
});

const rankings: readonly Metric[] = [
  retrieval(
    {
      id: 'precisionAtK',
      title: 'Precision@k',
      description: 'Relevant ids among the first k, divided by k.',
      source: 'trec_eval P_k',
      parameters: { k },
    },
    (ranking) => ranking.createPrecisionAtK,
  ),
  retrieval(
    {
      id: 'recallAtK',
      title: 'Recall@k',
      description: 'Relevant ids among the first k, divided by all relevant ids.',
      source: 'trec_eval recall_k',
      parameters: { k },
    },
    (ranking) => ranking.createRecallAtK,
  ),
  retrieval(
    {
      id: 'mrr',
      title: 'MRR',
      description: '1 divided by the rank of the first relevant id.',
      source: 'trec_eval recip_rank',
      parameters: {},
    },
    (ranking) => ranking.createReciprocalRank,
  ),
  retrieval(
    {
      id: 'ndcg',
      title: 'nDCG@k',
      description: 'Discounted gain of the first k ids, divided by that of the best order.',
      source: 'Järvelin and Kekäläinen 2002, as trec_eval ndcg_cut_k',
      parameters: { k },
    },
    (ranking) => ranking.createNdcg,
  ),
];

export const structureMetrics: readonly Metric[] = [...json, ...code, ...calls, ...content, ...rankings];
