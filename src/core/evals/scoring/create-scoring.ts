import path from 'node:path';
import type { EvalSpec } from '../file/eval-spec.ts';
import type { ScorerContext } from '../metrics/metric.ts';
import { toMetricUse } from '../plan/eval-metrics.ts';
import { scoreInThread } from './score-in-thread.ts';
import type { Scoring } from './scoring.ts';

interface ScoringPorts {
  trusted(): boolean;
  /** Absolute path of the Python interpreter that the user has selected. */
  python?: (() => Promise<string | undefined>) | undefined;
  /** The built `scoring-worker.js`; without it, answers are scored in this thread. */
  scoringWorkerUrl?: URL | undefined;
}

/** Loads the metrics of an evaluation. */
export async function createScoring(ports: ScoringPorts, spec: EvalSpec): Promise<Scoring> {
  return scoreInThread(spec.metrics.map(toMetricUse), await scorerContext(ports, spec));
}

/** Where metrics that are code of the user work. */
export async function scorerContext({ trusted, python }: ScoringPorts, spec: EvalSpec): Promise<ScorerContext> {
  // to ask for it activates the Python extension
  const needsPython = spec.metrics.some(({ id }) => id === 'python');
  return {
    folder: path.dirname(spec.path),
    isTrusted: trusted(),
    python: needsPython ? await python?.() : undefined,
  };
}
