import path from 'node:path';
import type { ConfigKind } from '../config/config-kind.ts';

const loadTable = async () => (await import('./file/known-metrics.ts')).KNOWN_METRICS;

/** The configuration files about evaluations. */
export const EVAL_CONFIG: readonly ConfigKind[] = [
  {
    path: '*.eval.yaml',
    code: 'evaluation-file',
    schema: async (text, offset) => {
      const [{ schemaWithMetrics }, { metricsInText }, { metrics }] = await Promise.all([
        import('./file/eval-schema.ts'),
        import('./file/metrics-in-text.ts'),
        loadTable(),
      ]);
      return schemaWithMetrics(metrics, metricsInText(text, offset));
    },
    check: async (text, where, files) => {
      const [{ checkEvalFile }, metrics] = await Promise.all([import('./file/check-eval-file.ts'), loadTable()]);
      return checkEvalFile(text, where, { metrics, files });
    },
    readText: async (files, { file, folder }) => {
      const [{ readConfigText }, { EVALUATIONS }] = await Promise.all([
        import('../config/read-config-text.ts'),
        import('./file/eval-file.ts'),
      ]);
      return readConfigText(files, { ...EVALUATIONS, path: path.relative(folder, file) }, folder);
    },
  },
];
