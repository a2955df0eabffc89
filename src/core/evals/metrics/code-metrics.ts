import type { Metric, Parameter, ParameterValues, Scale } from './metric.ts';

const SCALES: readonly Scale[] = ['0-1', 'yes-no', '0-100', 'count'];

const common: Readonly<Record<string, Parameter>> = {
  scale: {
    type: 'string',
    enum: [...SCALES],
    default: '0-1',
    description: 'What the function returns: a share, true or false, a percentage, or a number without an upper end.',
  },
  direction: { type: 'string', enum: ['higher', 'lower'], default: 'higher', description: 'Which values are better.' },
  timeoutMs: {
    type: 'integer',
    minimum: 1,
    default: 10_000,
    description: 'Milliseconds after which the score of an answer is an error.',
  },
};

/** Names of languages are the ids, so that a file reads `{ metric: python, file: score.py }`. */
function codeMetric(id: 'javascript' | 'python', own: Pick<Metric, 'title' | 'description' | 'parameters'>): Metric {
  return {
    id,
    ...own,
    scale: '0-1',
    direction: 'higher',
    needs: [],
    parameters: { ...own.parameters, ...common },
    resolve: scaleOf,
    fingerprint: async (parameters, context) => (await import('./code/code-file.ts')).hashCodeFile(parameters, context),
    async checkCode(parameters, context) {
      const { createCodeScorer } = await import('./code/code-scorer.ts');
      await (await createCodeScorer(id, parameters, context)).close?.();
    },
    createScorer: async (parameters, context) =>
      (await import('./code/code-scorer.ts')).createCodeScorer(id, parameters, context),
  };
}

function scaleOf({ scale, direction }: ParameterValues): Partial<Pick<Metric, 'scale' | 'direction' | 'threshold'>> {
  const known = SCALES.find((one) => one === scale);
  return {
    ...(known && { scale: known }),
    ...(known === 'yes-no' && { threshold: 1 }),
    ...(direction === 'lower' && { direction }),
  };
}

export const codeMetrics: readonly Metric[] = [
  codeMetric('javascript', {
    title: 'JavaScript',
    description: 'A function of your own in a JavaScript or TypeScript file.',
    parameters: {
      file: {
        type: 'string',
        pattern: '\\.[cm]?[jt]s$',
        isRequired: true,
        description: 'The path of a .js, .mjs, .cjs, .ts, .mts or .cts file, relative to the evaluation.',
      },
      function: { type: 'string', description: 'The exported function. Default: the default export, or else `score`.' },
    },
  }),
  codeMetric('python', {
    title: 'Python',
    description: 'A function of your own in a Python file, run by the selected interpreter.',
    parameters: {
      file: {
        type: 'string',
        pattern: '\\.py$',
        isRequired: true,
        description: 'The path of a .py file, relative to the evaluation.',
      },
      function: { type: 'string', default: 'score', description: 'The function.' },
    },
  }),
];
