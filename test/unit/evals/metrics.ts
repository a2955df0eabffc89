import type { MetricTable } from '../../../src/core/evals/file/metric-table.ts';

const text = { type: 'string', description: 'The text to look for.' };

/** A table with a metric of each kind: with a path of its own, with options, without parameters, and less is better. */
export const metricTable: MetricTable = {
  metrics: [
    {
      id: 'equals',
      description: 'The answer equals.',
      scale: 'yes-no',
      direction: 'higher',
      threshold: 1,
      parameters: { path: text, ignoreCase: { type: 'boolean', description: 'Case.' } },
    },
    {
      id: 'regex',
      description: 'The answer matches.',
      scale: 'yes-no',
      direction: 'higher',
      threshold: 1,
      parameters: { value: { ...text, format: 'regex' } },
    },
    {
      id: 'rougeL',
      description: 'ROUGE-L.',
      scale: '0-1',
      direction: 'higher',
      parameters: { stemmer: { type: 'boolean', description: 'Stem.' } },
    },
    {
      id: 'schemaValid',
      description: 'The answer matches the schema.',
      scale: 'yes-no',
      direction: 'higher',
      threshold: 1,
      parameters: {},
    },
    { id: 'levenshtein', description: 'Edits.', scale: 'count', direction: 'lower', parameters: {} },
  ],
  read(written) {
    const [id = '', ...options] = written.split(':');
    const unknown = options.find((option) => option !== 'stemmer');
    if (unknown !== undefined) return { problem: `"${written}": there is no option "${unknown}".` };
    return { id, parameters: Object.fromEntries(options.map((option) => [option, true])) };
  },
  check(id, { value }) {
    const isWrong = id === 'regex' && value === '(';
    return Promise.resolve(isWrong ? [{ name: 'value', message: 'the regular expression is not valid.' }] : []);
  },
};
