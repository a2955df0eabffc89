import path from 'node:path';
import { lazy } from '../../base/lazy.ts';
import type { EvalSpec } from '../file/eval-spec.ts';
import type { ScorerContext } from '../metrics/metric.ts';
import { toMetricUse } from '../plan/eval-metrics.ts';
import { scoreInThread } from './score-in-thread.ts';
import { scoreInWorker } from './score-in-worker.ts';
import type { Scoring } from './scoring.ts';

interface ScoringPorts {
  trusted(): boolean;
  /** Absolute path of the Python interpreter that the user has selected. */
  python?: (() => Promise<string | undefined>) | undefined;
  /** True if nothing waits for this thread while it scores, as in a command line. */
  mayBlock?: boolean | undefined;
}

/** Loads the metrics of an evaluation. */
export async function createScoring(ports: ScoringPorts, spec: EvalSpec): Promise<Scoring> {
  const uses = spec.metrics.map(toMetricUse);
  const context = await scorerContext(ports, spec);
  if (!ports.mayBlock) return scoreInWorker(uses, context);
  return scoreByLength(await scoreInThread(uses, context), () => scoreInWorker(uses, context));
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

/** Characters on which no metric takes long, even if it compares each with each. */
const LONGEST_QUICK = 20_000;

/** Long answers are scored where a metric that takes forever can be ended. */
function scoreByLength(inThread: Scoring, create: () => Scoring): Scoring {
  const inWorker = lazy(create);
  return {
    async score(items) {
      const isLong = items.some(({ answer }) => answer.output.length > LONGEST_QUICK);
      return (isLong ? inWorker() : inThread).score(items);
    },
    async close() {
      await Promise.all([inThread.close(), inWorker.made()?.close()]);
    },
  };
}
