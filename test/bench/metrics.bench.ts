// The text metrics beside the Python packages that define them: 10,000 pairs of 20 words (105 characters), the same in
// both, in one run. Each pair is scored as users of the packages do it, by one object for all pairs; a new object a pair, or
// the functions of the module, take Python the same time. Both have five rounds with new objects, of which the median counts,
// in CPU time of one thread; the first round, in which nothing is compiled yet, is shown too.
// GOLDEN_PYTHON names a Python that has test/golden/metrics/requirements.txt; without it, only our own figures are shown.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createScorer } from '../../src/core/evals/metrics/create-scorer.ts';
import { readMetric } from '../../src/core/evals/metrics/read-metric.ts';

const PAIRS = 10_000;
const WORDS = 20;
const ROUNDS = 5;

interface Pair {
  answer: string;
  reference: string;
}

const VOCABULARY =
  'the a of to and in that it is was for on with as his they at be this from have or by one had not but what all were when we there can an your which their said if do will each about how up out them then she many some so these would other into has more her two like him see time could no make than first been its who now people my made over did down only way find use may water long little very after words called just where most know'.split(
    ' ',
  );

/** Two texts that share about two thirds of their words, with a mark at the end as sentences have. */
function createPairs(): Pair[] {
  let state = 1;
  const next = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * limit);
  };
  const word = () => `${VOCABULARY[next(VOCABULARY.length)]}${next(4) === 0 ? `${next(50)}s` : ''}`;
  return Array.from({ length: PAIRS }, () => {
    const reference = Array.from({ length: WORDS }, word);
    const answer = reference.map((one) => (next(3) === 0 ? word() : one));
    const write = (words: string[]) => `${words.slice(0, 9).join(' ')}, ${words.slice(9).join(' ')}.`;
    return { answer: write(answer), reference: write(reference) };
  });
}

function report(name: string, value: number, unit: string, target?: string): void {
  console.log(JSON.stringify({ name, value: Number(value.toPrecision(3)), unit, ...(target && { target }) }));
}

/** Milliseconds of this thread's CPU time: on a busy machine, wall-clock time includes other processes. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

interface Rounds {
  median: number;
  first: number;
}

/** Each round has new scorers. */
async function measure(metrics: readonly string[], pairs: readonly Pair[]): Promise<Rounds> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const scorers = await Promise.all(metrics.map(async (metric) => createScorer(await readMetric(metric))));
    const start = threadMs();
    for (const { answer, reference } of pairs) {
      const sample = { output: answer, references: [reference] };
      for (const scorer of scorers) void scorer.score(sample);
    }
    times.push(threadMs() - start);
  }
  const [first = 0] = times;
  return { first, median: times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0 };
}

const PYTHON = `
import json, sys, time
from rouge_score import rouge_scorer
from sacrebleu.metrics import BLEU, CHRF
pairs = json.load(open(sys.argv[1]))
def timed(create):
    times = []
    for turn in range(int(sys.argv[2])):
        score = create()
        start = time.process_time()
        for pair in pairs:
            score(pair["answer"], pair["reference"])
        times.append((time.process_time() - start) * 1000)
    return sorted(times)[len(times) // 2]
def bleu():
    metric = BLEU(effective_order=True)
    return lambda answer, reference: metric.sentence_score(answer, [reference])
def rouge():
    metric = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"])
    return lambda answer, reference: metric.score(reference, answer)
def chrf():
    metric = CHRF()
    return lambda answer, reference: metric.sentence_score(answer, [reference])
print(json.dumps({"bleu": timed(bleu), "rouge": timed(rouge), "chrf": timed(chrf)}))
`;

type Times<Time> = Record<'bleu' | 'rouge' | 'chrf', Time>;

function measurePython(pairs: readonly Pair[]): Times<number> | undefined {
  const python = process.env.GOLDEN_PYTHON;
  if (!python) return undefined;
  const folder = mkdtempSync(path.join(tmpdir(), 'metrics-bench-'));
  try {
    const file = path.join(folder, 'pairs.json');
    writeFileSync(file, JSON.stringify(pairs));
    const { stdout, stderr, status } = spawnSync(python, ['-c', PYTHON, file, String(ROUNDS)], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// texts as they come from a file, which is what the packages get
const pairs = JSON.parse(JSON.stringify(createPairs())) as Pair[];
const own: Times<Rounds> = {
  bleu: await measure(['bleu'], pairs),
  rouge: await measure(['rouge1', 'rouge2', 'rougeL'], pairs),
  chrf: await measure(['chrf'], pairs),
};
const theirs = measurePython(pairs);
const names = { bleu: 'BLEU', rouge: 'ROUGE-1, -2 and -L', chrf: 'chrF' };
const targets = { bleu: '>= 40', rouge: '>= 40', chrf: '>= 20' };
for (const key of ['bleu', 'rouge', 'chrf'] as const) {
  const { median, first } = own[key];
  report(`${names[key]}, 10,000 pairs`, median, 'ms');
  report(`${names[key]}, its first 10,000 pairs`, first, 'ms');
  if (!theirs) continue;
  report(`${names[key]} by Python, 10,000 pairs`, theirs[key], 'ms');
  report(`${names[key]}, times as fast as Python`, theirs[key] / median, '×', targets[key]);
}
for (const metric of ['chrfpp', 'ter', 'rougeLsum', 'meteor', 'tokenF1', 'levenshtein']) {
  report(`${metric}, 10,000 pairs`, (await measure([metric], pairs)).median, 'ms');
}
