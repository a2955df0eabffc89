// The host's side of the Runs table: a hundred thousand runs, generated on request.
const COUNT = 100_000;
const MODELS = ['anthropic/claude-5', 'demo/swift', 'openai/gpt-6', 'vertexai/gemini-4'];
const PROMPTS = ['churn-analysis', 'summary', 'triage'];
const STATES = ['done', 'done', 'done', 'done', 'done', 'done', 'failed', 'stopped', 'interrupted', 'streaming'];

function makeRow(number) {
  const state = STATES[number % STATES.length];
  const isKnown = state === 'done';
  return {
    id: `run-${number}`,
    startedAt: Date.UTC(2026, 10, 28, 12) - number * 60_000,
    promptName: PROMPTS[number % 3],
    promptPath: `/workspace/prompts/${PROMPTS[number % 3]}.prompt`,
    version: number % 4 ? `v${number % 4}` : undefined,
    model: MODELS[number % 4],
    simulated: number % 4 === 1,
    state,
    schemaValid: number % 7 !== 0,
    error: state === 'failed' ? 'The server did not answer within 60 s.' : undefined,
    elapsedMs: isKnown ? 400 + (number % 90) * 31 : undefined,
    inputTokens: 335,
    outputTokens: isKnown ? 40 + (number % 200) : undefined,
    estimated: number % 11 === 0,
    costUsd: isKnown ? 0.0003 + (number % 70) * 0.00009 : undefined,
    rating: [undefined, 'up', undefined, 'down'][number % 4],
    note: number % 13 ? undefined : 'Too long for the dashboard.',
  };
}

const rowAt = (place) => makeRow(host.listed.descending ? place : host.listed.count - 1 - place);

const host = window.fakeHost;
host.listed = { count: COUNT, list: 0, descending: true };
host.replies = {
  snapshot: { seq: 0, notices: [] },
  'list.open': ({ filter, sort }) => {
    const count = filter.search ? 0 : filter.model ? 25_000 : COUNT;
    host.listed = { count, list: host.listed.list + 1, descending: sort.descending };
    const rows = Array.from({ length: Math.min(count, 100) }, (_, place) => rowAt(place));
    return { list: host.listed.list, count, places: { selection: [] }, first: { from: 0, rows } };
  },
  'rows.read': ({ list, from, count }) => {
    if (list !== host.listed.list) return undefined;
    const places = Array.from({ length: Math.min(count, host.listed.count - from) }, (_, step) => from + step);
    return places.map(rowAt);
  },
  'choices.read': {
    models: MODELS,
    prompts: PROMPTS.map((name) => ({ path: `/workspace/prompts/${name}.prompt`, label: `prompts/${name}.prompt` })),
  },
  'days.read': Array.from({ length: 28 }, (_, day) => day).flatMap((day) =>
    MODELS.filter((_, index) => (day + index) % 5).map((model, index) => ({
      day: `2026-11-${String(day + 1).padStart(2, '0')}`,
      model,
      runs: 100 + day,
      costUsd: 0.4 + Math.sin(day / 3 + index) * 0.3,
      priced: 100 + day,
      latencyMs: 900 + index * 300 + Math.cos(day / 2) * 200,
    })),
  ),
};
