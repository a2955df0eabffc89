import { describe, expect, it } from 'vitest';
import { CompareSession } from '../../../src/panels/compare/compare-session.ts';
import { pieceOf } from '../../../src/protocol/run-view.ts';
import { PROMPT, SessionFixture } from './make-session.ts';

describe('a Compare session', () => {
  it('starts with the file’s models, its defaults and its rendered messages', async () => {
    await using fixture = await SessionFixture.create();
    const snapshot = fixture.session.snapshot();
    expect(snapshot.columns.map((column) => column.model)).toEqual(['demo/swift', 'demo/balanced']);
    expect(snapshot.input).toEqual({ age: 42, plan: 'Gold' });
    expect(snapshot.messages).toMatchObject({ ok: true, messages: [{ role: 'system' }, { role: 'user' }] });
    expect(snapshot.columns[0]?.estimate?.inputTokens).toBeGreaterThan(0);
  });

  it('runs every column, and ends with the provider’s figures and a validated answer', async () => {
    await using fixture = await SessionFixture.create();
    await fixture.session.start();
    const { columns, running } = await fixture.finished();
    expect(running).toBe(false);
    for (const { runs } of columns) {
      expect(runs).toHaveLength(1);
      expect(runs[0]).toMatchObject({ state: 'done', schemaCheck: { valid: true }, error: undefined });
      expect(runs[0]?.figures).toMatchObject({ usageEstimated: false });
      expect(runs[0]?.figures?.cost.totalUsd).toBeGreaterThan(0);
    }
  });

  it('sends batches without a gap, whose deltas add up to the answer', async () => {
    await using fixture = await SessionFixture.create();
    await fixture.session.start();
    const { columns } = await fixture.finished();
    expect(fixture.seqs).toEqual(fixture.seqs.map((_, index) => index + 1));
    const run = columns[0]?.runs[0];
    const deltas = fixture.events.flatMap((event) =>
      event.type === 'run-event' && event.event.runId === run?.runId ? [pieceOf(event.event)?.text ?? ''] : [],
    );
    expect(run?.text.startsWith(deltas.join(''))).toBe(true);
    expect(deltas.join('').length).toBeGreaterThan(0);
  });

  it('reports a problem with an input, and sends nothing', async () => {
    await using fixture = await SessionFixture.create();
    await fixture.session.setInput({ age: 'old', plan: 'Gold' });
    const snapshot = fixture.session.snapshot();
    expect(snapshot.inputProblems).toMatchObject([{ path: '$.age' }]);
    expect(snapshot.messages).toMatchObject({ ok: false });
    await expect(fixture.session.start()).rejects.toMatchObject({ code: 'invalid-input' });
    expect(fixture.session.running).toBe(false);
  });

  it('does not run a file with an error, and reports its place', async () => {
    await using fixture = await SessionFixture.create();
    await fixture.session.setSource({ ...fixture.session.source, text: PROMPT.replace('{{age}}', '{{age') });
    const { prompt } = fixture.session.snapshot();
    expect(prompt.problems).toMatchObject([{ line: 22 }]);
    await expect(fixture.session.start()).rejects.toMatchObject({ code: 'invalid-prompt' });
  });

  it('repeats a column, keeping each repeat', async () => {
    await using fixture = await SessionFixture.create();
    fixture.session.setRepeat(3);
    await fixture.session.start();
    const { columns } = await fixture.finished();
    expect(columns.map(({ runs }) => runs.map((run) => run.repeat).sort())).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });

  it('continues a conversation with an answer', async () => {
    await using fixture = await SessionFixture.create();
    await fixture.session.start();
    const before = await fixture.finished();
    const columnId = before.columns[0]?.id ?? '';
    await fixture.session.continueRun(columnId, { text: 'And next year?' });
    const after = await fixture.finished();
    const turns = after.columns[0]?.turns ?? [];
    expect(turns.map(({ role }) => role)).toEqual(['assistant', 'user']);
    expect(turns[1]?.parts).toEqual([{ type: 'text', text: 'And next year?' }]);
    expect(after.columns[0]?.runs[0]?.state).toBe('done');
  });

  it('renders a prompt with {{history}} again with the previous turns, and keeps its last reminder in place', async () => {
    const text = `---
model: demo/swift
config: { demo: { ttftMs: 1, tokensPerSecond: 2000, outputTokens: 5 } }
llmops.models: [demo/swift]
---
{{role "system"}}Be kind.
{{history}}
{{role "system"}}Answer in one line.
{{role "user"}}First question
`;
    await using fixture = await SessionFixture.create(text);
    await fixture.session.start();
    const before = await fixture.finished();
    await fixture.session.continueRun(before.columns[0]?.id ?? '', { text: 'Second question' });
    const after = await fixture.finished();

    const { store } = fixture.workbench;
    const run = await store.runs.get(after.columns[0]?.runs[0]?.runId ?? '');
    const sent = run?.messages.map(({ role, parts }) => [role, parts[0]?.type === 'text' ? parts[0].text.trim() : '']);
    const answer = before.columns[0]?.runs[0]?.text.trim();
    expect(sent).toEqual([
      ['system', 'Be kind.'],
      ['user', 'First question'],
      ['assistant', answer],
      ['system', 'Answer in one line.'],
      ['user', 'Second question'],
    ]);
  });

  it('stops a run, and keeps the received text', async () => {
    await using fixture = await SessionFixture.create(PROMPT.replace('tokensPerSecond: 2000', 'tokensPerSecond: 20'));
    await fixture.session.start();
    while (!fixture.session.snapshot().columns[0]?.runs[0]?.text)
      await new Promise((resolve) => setTimeout(resolve, 5));
    fixture.session.stop();
    const { columns } = await fixture.finished();
    expect(columns[0]?.runs[0]).toMatchObject({ state: 'stopped' });
    expect(columns[0]?.runs[0]?.text.length).toBeGreaterThan(0);
  });

  it('does not start a column twice', async () => {
    await using fixture = await SessionFixture.create();
    await Promise.all([fixture.session.start(), fixture.session.start()]);
    const { columns } = await fixture.finished();
    expect(columns[0]?.runs).toHaveLength(1);
  });

  it('shows what to do if there is no model', async () => {
    await using fixture = await SessionFixture.create();
    for (const { id } of fixture.session.snapshot().columns) await fixture.session.removeColumn(id);
    await expect(fixture.session.start()).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('Add a model'),
    });
  });

  it('is restored from the history with its answers, ratings and inputs', async () => {
    await using fixture = await SessionFixture.create();
    await fixture.session.start();
    const before = await fixture.finished();
    await fixture.session.rate(before.columns[1]?.runs[0]?.runId ?? '', 'up', 'good');
    const id = fixture.session.comparisonId ?? '';

    const again = await CompareSession.reopen(fixture.options(`${PROMPT}\nMore.`), id);
    const snapshot = again.snapshot();
    again.dispose();

    expect(snapshot.columns.map(({ model }) => model)).toEqual(['demo/swift', 'demo/balanced']);
    expect(snapshot.columns[0]?.runs[0]?.text).toBe(before.columns[0]?.runs[0]?.text);
    expect(snapshot.columns[1]?.runs[0]).toMatchObject({ rating: 'up', note: 'good', state: 'done' });
    expect(snapshot.input).toEqual({ age: 42, plan: 'Gold' });
    expect(snapshot.history).toMatchObject({ comparisonId: id, sourceChanged: true });
  });

  it('shows selected runs from the history, each in a column, not as a comparison', async () => {
    await using fixture = await SessionFixture.create();
    await fixture.session.start();
    const before = await fixture.finished();
    await fixture.session.start();
    const after = await fixture.finished();
    const runIds = [before.columns[0]?.runs[0]?.runId ?? '', after.columns[1]?.runs[0]?.runId ?? ''];

    const picked = await CompareSession.reopen(fixture.options(PROMPT), { runIds });
    const snapshot = picked.snapshot();
    picked.dispose();
    expect(snapshot.columns.map(({ runs }) => runs.map(({ runId }) => runId))).toEqual(runIds.map((id) => [id]));
    expect(snapshot.history).toMatchObject({ comparisonId: undefined, sourceChanged: false });
    expect(snapshot.comparisonId).toBeUndefined();
  });

  it('gives a restored column only its own parameters, not those of the file', async () => {
    await using fixture = await SessionFixture.create();
    const columnId = fixture.session.snapshot().columns[1]?.id ?? '';
    await fixture.session.setColumn(columnId, { parameters: { temperature: 0.9 } });
    await fixture.session.start();
    await fixture.finished();

    const again = await CompareSession.reopen(fixture.options(PROMPT), fixture.session.comparisonId ?? '');
    const { columns } = again.snapshot();
    again.dispose();

    expect(columns.map(({ parameters }) => parameters)).toEqual([{}, { temperature: 0.9 }]);
  });

  it('keeps a column’s run in its comparison when that column is run again', async () => {
    await using fixture = await SessionFixture.create();
    await fixture.session.start();
    const first = await fixture.finished();
    const id = fixture.session.comparisonId ?? '';
    await fixture.session.start(first.columns[1]?.id);
    await fixture.finished();
    expect(fixture.session.comparisonId).toBe(id);
    const { store } = fixture.workbench;
    const columns = (await store.runs.comparison(id)).map(({ column }) => column).sort();
    expect(columns).toEqual([0, 1, 1]);
  });

  it('stops a run that would exceed its limit, before it is sent', async () => {
    await using fixture = await SessionFixture.create();
    fixture.settings = { ...fixture.settings, budgetPerRunUsd: 1e-9 };
    await fixture.session.start();
    const { columns } = await fixture.finished();
    const message = expect.stringMatching(/ \(simulated\), more than the limit of /);
    expect(columns[0]?.runs[0]).toMatchObject({ state: 'failed', error: { code: 'budget', message } });
  });

  it('applies current settings to estimates, budgets and requests per day', async () => {
    await using fixture = await SessionFixture.create();
    const prices = { 'demo/*': { inputUsd: 1_000_000, outputUsd: 0 } };
    fixture.settings = { ...fixture.settings, prices, budgetPerDayUsd: 7, requestsPerDay: 42 };
    fixture.events.length = 0;
    await fixture.session.refresh();
    const { budget, requestsPerDay, columns } = fixture.session.snapshot();
    expect({ budget, requestsPerDay }).toMatchObject({ budget: { perDayUsd: 7 }, requestsPerDay: 42 });
    for (const { estimate } of columns) expect(estimate?.inputUsd).toBe(estimate?.inputTokens);
    expect(fixture.events).toContainEqual({ type: 'budget', budget, requestsPerDay: 42 });
  });
});
