import { compareInWorker } from '../../src/core/evals/aggregate/compare-in-worker.ts';
import type { PairedScores } from '../../src/core/evals/aggregate/compare-scores.ts';
import { createRandomStream } from '../../src/core/evals/aggregate/random-stream.ts';
import { joinCases } from '../../src/shared/join-cases.ts';

// How long it takes to compare two results of 100,000 cases. Run: node test/bench/statistics.bench.ts

const CASES = 100_000;
const METRICS = 3;
const TURNS = 5;
const url = new URL('../../src/core/evals/aggregate/worker.ts', import.meta.url);

const random = createRandomStream('statistics bench');
const shares = () => Float64Array.from(random.words(CASES), (word) => (word % 1000) / 1000);
const metrics: PairedScores[] = Array.from({ length: METRICS }, () => ({
  a: shares(),
  b: shares(),
  isPassFail: false,
  lowerIsBetter: false,
}));

const times = [];
for (let turn = 0; turn < TURNS; turn += 1) {
  const start = performance.now();
  const found = await compareInWorker({ metrics, confidence: { level: 0.95, method: 't', seed: 0 } }, { url });
  times.push((performance.now() - start) / 1000);
  if (found.some((one) => one?.n !== CASES)) throw new Error('Not all cases were compared.');
}
report(
  `${CASES} cases, ${METRICS} metrics, 10000 flips in a worker, p50`,
  times.sort((a, b) => a - b)[Math.floor(TURNS / 2)] ?? Number.NaN,
  's',
  '<= 3',
);

const ids = Array.from({ length: CASES }, (_, index) => `case-${index}`);
const shifted = [...ids.slice(1), 'new'];
const start = performance.now();
joinCases({ ids }, { ids: shifted });
report(`${CASES} cases joined by id, all in another place`, performance.now() - start, 'ms');

function report(name: string, value: number, unit: string, target?: string): void {
  console.log(JSON.stringify({ name, value, unit, target }));
}
