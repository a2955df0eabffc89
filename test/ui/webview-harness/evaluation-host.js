// The host's side of the Evaluation panel: 50,000 cases in two columns, generated on request.
const CASES = 50_000;
const STATES = ['passed', 'passed', 'passed', 'failed', 'passed', 'passed', 'error', 'passed', 'passed', 'passed'];
const CHANGES = ['same', 'changed', 'same', 'regressed', 'same', 'improved', 'regressed', 'same', 'changed', 'same'];
const PLANS = ['Gold', 'Silver', 'Basic'];
const ANSWER =
  'The customer will probably leave within three months, because the price rose twice and the last two tickets were answered late. ';

const column = (version, changes) => ({
  prompt: 'churn-analysis',
  promptPath: '/workspace/prompts/churn-analysis.prompt',
  version,
  sourceHash: 'a1',
  model: 'demo/swift',
  parameters: {},
  isBaseline: false,
  simulated: true,
  ...changes,
});

const metric = (name, title, scale, changes) => ({
  name,
  id: name,
  title,
  scale,
  direction: 'higher',
  weight: 1,
  hash: 'h',
  ...changes,
});

const compared = (metricName, mean, before, verdict, p, n = 200) => ({
  metric: metricName,
  column: 1,
  mean,
  interval: [mean - 0.03, mean + 0.03],
  n,
  missing: 2,
  baseline: {
    mean: before,
    difference: mean - before,
    interval: [mean - before - 0.04, mean - before + 0.04],
    p,
    verdict,
    smallestDetectable: 0.05,
    n,
  },
});

const RESULT = {
  id: 'result-1',
  name: 'churn quality',
  file: 'evals/churn.eval.yaml',
  state: 'done',
  startedAt: Date.UTC(2026, 10, 28, 12),
  endedAt: Date.UTC(2026, 10, 28, 12, 1, 12),
  simulated: true,
  columns: [
    column({ label: 'production', commit: 'c1' }, { isBaseline: true }),
    column(undefined, { baselineColumn: 0, sourceHash: 'b2' }),
  ],
  metrics: [
    metric('schemaValid', 'Matches the output schema', 'yes-no', { threshold: 1 }),
    metric('rougeL', 'ROUGE-L', '0-1', { threshold: 0.4 }),
    metric('latencyMs', 'Latency', 'count', { direction: 'lower' }),
  ],
  repeats: 1,
  counts: { cases: CASES, cells: CASES * 2, passed: 80_000, failed: 10_000, errors: 10_000, cached: 1200 },
  totals: { costUsd: 3.81, inputTokens: 33_500_000, outputTokens: 8_200_000 },
  isPinned: false,
};

const SUMMARY = {
  metrics: [
    compared('schemaValid', 1, 0.99, 'no-change-shown', 0.25),
    compared('rougeL', 0.84, 0.91, 'worse', 0.01),
    compared('latencyMs', 900, 1200, 'better', 0.0004),
  ],
  gates: [
    { gate: 'schemaValid >= 0.95', passed: true, reason: 'The mean is 1.' },
    { gate: 'rougeL, at most 0.02 worse than the baseline', passed: false, reason: 'It is 0.07 worse.' },
  ],
  unmatched: { added: 3, removed: 0, changed: 1 },
};

const tagsOf = (place) => (place % 5 === 0 ? ['price'] : place % 7 === 0 ? ['price', 'angry'] : []);
const answerOf = (place, at) =>
  `${ANSWER.slice(0, 60 + ((place * 7 + at * 13) % 60))}Risk: ${['high', 'low'][(place + at) % 2]}.`;

function cellOf(place, at) {
  const state = at === 0 ? 'passed' : STATES[place % STATES.length];
  return {
    state,
    score: state === 'error' ? undefined : state === 'failed' ? 0.21 + (place % 9) / 100 : 0.72 + (place % 27) / 100,
    repeats: 1,
    passed: state === 'passed' ? 1 : 0,
    distinct: 1,
    change: at === 0 ? undefined : CHANGES[place % CHANGES.length],
    isCached: place % 40 === 0,
    text: answerOf(place, at),
    error: state === 'error' ? 'The server did not answer within 60 s.' : undefined,
  };
}

// a test may replace it
const make = { cell: cellOf, row: rowOf };

function rowOf(place) {
  return {
    kind: 'case',
    place,
    id: `customer-${place + 1}`,
    writtenId: `customer-${place + 1}`,
    number: place + 1,
    title: `age: ${20 + (place % 60)} · tenure: ${place % 12} · plan: ${PLANS[place % 3]} · comments: ${ANSWER.slice(0, 50)}`,
    tags: tagsOf(place),
    cells: [make.cell(place, 0), make.cell(place, 1)],
  };
}

const makeRow = (place) => make.row(place);

const matches = {
  regressed: (place) => CHANGES[place % 10] === 'regressed',
  improved: (place) => CHANGES[place % 10] === 'improved',
  changed: (place) => CHANGES[place % 10] !== 'same',
  failed: (place) => STATES[place % 10] === 'failed',
  errors: (place) => STATES[place % 10] === 'error',
  flaky: () => false,
};

const ALL = Array.from({ length: CASES }, (_, place) => place);
const counts = Object.fromEntries(Object.entries(matches).map(([state, of]) => [state, ALL.filter(of).length]));

function makeAnswer(place, at, repeat = 1) {
  const { state, score, isCached, error } = make.cell(place, at);
  const isRight = state === 'passed';
  return {
    repeat,
    state,
    isCached,
    score,
    ...(place === 3 && { rating: 'up', csat: 4, completed: true, escalated: false }),
    scores: [
      {
        value: isRight ? 1 : 0,
        passed: isRight,
        reason: isRight ? undefined : 'risk_level is not one of low, medium, high',
      },
      {
        value: score ?? null,
        passed: score === undefined ? null : score >= 0.4,
        reason: score === undefined ? 'There is no answer.' : undefined,
      },
      { value: 640 + (place % 90) * 9, passed: null },
    ],
    output: state === 'error' ? '' : answerOf(place, at),
    reasoning: '',
    toolCalls: [],
    finishReason: state === 'error' ? undefined : 'stop',
    servedModel: 'demo/swift-1',
    inputTokens: 335,
    outputTokens: 82,
    isEstimated: false,
    costUsd: 0.000066,
    ttftMs: 210,
    latencyMs: 640 + (place % 90) * 9,
    simulated: true,
    error: error && { code: 'timeout', message: error, hint: 'Run the errors again.' },
  };
}

function makeCase(place) {
  const row = makeRow(place);
  return {
    place,
    case: {
      id: row.id,
      contentHash: 'x',
      dataset: 'data/churn.jsonl',
      number: row.number,
      inputs: { age: 20 + (place % 60), plan: PLANS[place % 3], comments: ANSWER.trim() },
      expected: [answerOf(place, 0)],
      contexts: ['Invoices of the last year.', 'Two tickets about the price.'],
      tags: row.tags,
      weight: 1,
      others: { csat: 4 },
    },
    editing: { file: 'data/churn.jsonl' },
    columns: [0, 1].map((at) => ({
      answers: [makeAnswer(place, at)],
      baseline:
        at === 0 ? undefined : { label: 'churn-analysis@production · demo/swift', answers: [makeAnswer(place, 0)] },
    })),
  };
}

const host = window.fakeHost;
host.listed = { list: 0, rows: ALL, grouped: false };
const rowAt = (key) => (typeof key === 'number' ? makeRow(key) : key);
const page = (from, count) => host.listed.rows.slice(from, from + count).map(rowAt);

function listCases({ filter, sort, grouping, folds = { all: false, others: [] } }) {
  let places = filter.state ? ALL.filter(matches[filter.state]) : ALL;
  if (filter.tag) places = places.filter((place) => tagsOf(place).includes(filter.tag));
  if (filter.text) places = places.filter((place) => makeRow(place).title.includes(filter.text));
  if (sort.descending) places = places.toReversed();
  if (grouping === 'none') return { places, rows: places };
  const rows = ['Failed', 'Passed'].flatMap((label, index) => {
    const found = places.filter((place) => (STATES[place % 10] === 'passed') === (index === 1));
    const isFolded = folds.all !== folds.others.includes(label);
    const title = { kind: 'group', id: label, label, cases: found.length, isFolded };
    return found.length ? [title, ...(isFolded ? [] : found)] : [];
  });
  return { places, rows };
}

host.replies = {
  snapshot: { seq: 0, result: RESULT, summary: SUMMARY, control: 'none', canRun: true, hasFile: true, notices: [] },
  'list.open': (query) => {
    const { places, rows } = listCases(query);
    const before = host.listed.rows;
    const move = (at) => {
      const key = at === undefined ? undefined : before[at];
      const found = rows.findIndex((row) => row === key || (row.id !== undefined && row.id === key?.id));
      return found < 0 ? undefined : found;
    };
    host.listed = { list: host.listed.list + 1, rows };
    const [active, first] = [move(query.places.active), move(query.places.first)];
    const from = Math.floor((first ?? query.places.first ?? 0) / 100) * 100;
    return {
      list: host.listed.list,
      count: rows.length,
      cases: places.length,
      places: { selection: [], active, first },
      first: { from, rows: page(from, 200) },
      counts: { all: CASES, ...counts },
      tags: [
        { tag: 'price', cases: 15_714 },
        { tag: 'angry', cases: 5714 },
      ],
    };
  },
  'rows.read': ({ list, from, count }) => (list === host.listed.list ? page(from, count) : undefined),
  'group.find': ({ row }) => host.listed.rows.findLastIndex((key, at) => at <= row && typeof key !== 'number'),
  'case.read': ({ place }) => makeCase(place),
  'case.messages': [
    { role: 'system', parts: [{ type: 'text', text: 'You judge customers.' }] },
    { role: 'user', parts: [{ type: 'text', text: 'Will this customer leave?' }] },
  ],
  'case.history': ({ place }) => [
    {
      resultId: 'result-0',
      startedAt: Date.UTC(2026, 10, 27, 9),
      column: 'churn-analysis · demo/swift',
      state: 'passed',
      score: 0.8,
    },
    {
      resultId: 'result-1',
      startedAt: RESULT.startedAt,
      column: 'this one',
      state: STATES[place % 10],
      score: 0.3,
      isThis: true,
    },
  ],
  'prompt.change': {
    before: { label: 'churn-analysis@production', text: 'Will this customer leave?\nAnswer in one sentence.' },
    after: {
      label: 'churn-analysis (working copy)',
      text: 'Will this customer leave soon?\nAnswer in three sentences.',
    },
  },
  'figures.read': ({ metric: name }) => ({
    metric: name,
    columns: [
      { costUsd: 0.000066, latencyMs: 1200, mean: 0.91, passRate: 0.99, passes: true },
      { costUsd: 0.000048, latencyMs: 900, mean: 0.84, passRate: 0.8, passes: false },
    ],
    bins: Array.from({ length: 20 }, (_, bin) => ({
      from: bin / 20,
      to: (bin + 1) / 20,
      counts: [
        Math.round(3000 * Math.exp(-((bin - 17) ** 2) / 6)),
        Math.round(2600 * Math.exp(-((bin - 14) ** 2) / 12)),
      ],
    })),
    tags: ['price', 'angry'].map((tag, index) => ({
      tag,
      columns: [
        { mean: 0.9 - index / 20, interval: [0.87 - index / 20, 0.93 - index / 20], n: 15_714 },
        { mean: 0.8 - index / 9, interval: [0.76 - index / 9, 0.84 - index / 9], n: 5714 },
      ],
    })),
    trend: [0.82, 0.88, 0.91, 0.84].map((mean, index) => ({
      id: `result-${index}`,
      startedAt: Date.UTC(2026, 10, 20 + index * 2, 12),
      columns: [{ label: 'churn-analysis · demo/swift', mean }],
    })),
  }),
  'results.list': [
    {
      id: 'result-0',
      name: 'churn quality',
      startedAt: Date.UTC(2026, 10, 27, 9),
      state: 'done',
      isPinned: true,
      bytes: 5_400_000,
      cases: 200,
      columns: ['churn-analysis · demo/swift'],
    },
  ],
};
