import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CompareSession } from '../../../src/panels/compare/compare-session.ts';
import { PROMPT, SessionFixture } from './make-session.ts';

const ONE = PROMPT.replace('You judge.', 'You judge coldly.').replace('demo: {', 'temperature: 0.2\n  demo: {');
const TWO = PROMPT.replace('You judge.', 'You judge kindly.');
const CONFIGURED = ONE.replace('[demo/swift, demo/balanced]', '[demo/swift]');
const WORKING = TWO.replace('[demo/swift, demo/balanced]', '[demo/swift]');
const FILE = 'churn.prompt';

const create = (first = CONFIGURED, working = WORKING) =>
  SessionFixture.create(working, [{ [FILE]: first }, { [FILE]: working }]);

async function systemOf(fixture: SessionFixture, runId: string | undefined): Promise<string> {
  const { store } = fixture.workbench;
  const part = (await store.runs.get(runId ?? ''))?.messages[0]?.parts[0];
  return part?.type === 'text' ? part.text.trim() : '';
}

describe('a column of a version', () => {
  it('runs that version next to the working text, and describes how it differs', async () => {
    await using fixture = await create();
    const columnId = await fixture.session.addColumn({ version: 'HEAD~1' });
    const { columns } = fixture.session.snapshot();
    expect(columns.map(({ model }) => model)).toEqual(['demo/swift', 'demo/swift']);
    expect(columns[0]?.version).toBeUndefined();
    expect(columns[1]).toMatchObject({
      id: columnId,
      version: {
        commit: fixture.git('rev-parse', 'HEAD~1'),
        parameters: { temperature: 0.2 },
        changes: ['adds temperature 0.2', 'system message: 1 line changed'],
        problem: undefined,
      },
    });
    expect(columns[1]?.estimate?.inputTokens).toBeGreaterThan(0);

    await fixture.session.start();
    const after = await fixture.finished();
    const runs = after.columns.map((column) => column.runs[0]);
    expect(runs.map((run) => run?.state)).toEqual(['done', 'done']);
    expect(await systemOf(fixture, runs[0]?.runId)).toBe('You judge kindly.');
    expect(await systemOf(fixture, runs[1]?.runId)).toBe('You judge coldly.');
  });

  it('is recorded as that version, with the hash of its content', async () => {
    await using fixture = await create();
    await fixture.session.addColumn({ version: 'HEAD~1' });
    await fixture.session.start();
    const { columns } = await fixture.finished();
    const { store } = fixture.workbench;
    const [working, old] = await Promise.all(columns.map(({ runs }) => store.runs.get(runs[0]?.runId ?? '')));
    expect(working?.version).toBeUndefined();
    expect(old?.version?.commit).toBe(fixture.git('rev-parse', 'HEAD~1'));
    const { versions } = fixture.workbench;
    const page = await versions.history.list(`${fixture.folder}/${FILE}`);
    expect([working?.contentHash, old?.contentHash]).toEqual(page.versions.map(({ contentHash }) => contentHash));
  });

  it('is restored with its version from the history', async () => {
    await using fixture = await create();
    await fixture.session.addColumn({ version: 'HEAD~1' });
    await fixture.session.start();
    await fixture.finished();
    const again = await CompareSession.reopen(fixture.options(WORKING), fixture.session.comparisonId ?? '');
    const { columns, history } = again.snapshot();
    again.dispose();
    expect(columns.map(({ version }) => version?.commit)).toEqual([undefined, fixture.git('rev-parse', 'HEAD~1')]);
    expect(columns.map(({ parameters }) => parameters)).toEqual([{}, {}]);
    expect(history?.sourceChanged).toBe(false);
  });

  it('shows which inputs it does not use and which it needs, and the form has both', async () => {
    const first = CONFIGURED.replace('    age: integer, how old', '    years: integer, how long')
      .replace('    age: 42', '    years: 7')
      .replace('{{age}} years old', 'for {{years}} years');
    await using fixture = await create(first);
    await fixture.session.addColumn({ version: 'HEAD~1' });
    const { columns, prompt, input, messages } = fixture.session.snapshot();
    expect(columns[1]?.version).toMatchObject({ unused: ['age'], added: ['years'], problem: undefined });
    expect(prompt.fields.map(({ name }) => name)).toEqual(['age', 'plan', 'years']);
    expect(input).toEqual({ age: 42, plan: 'Gold', years: 7 });
    expect(messages.ok).toBe(true);

    await fixture.session.setInput({ age: 42, plan: 'Gold', years: 'x' });
    const wrong = fixture.session.snapshot();
    expect(wrong.inputProblems).toEqual([]);
    expect(wrong.columns[1]?.version?.problem).toMatchObject({ code: 'invalid-input' });
    await expect(fixture.session.start()).rejects.toMatchObject({ code: 'invalid-input' });

    await fixture.session.removeColumn(columns[1]?.id ?? '');
    expect(fixture.session.fields.map(({ name }) => name)).toEqual(['age', 'plan']);
  });

  it('returns to the working text, and follows edits', async () => {
    await using fixture = await create();
    const columnId = await fixture.session.addColumn({ version: 'HEAD~1' });
    await fixture.session.setSource({ ...fixture.session.source, text: CONFIGURED });
    expect(fixture.session.snapshot().columns[1]?.version?.changes).toEqual([]);
    await fixture.session.setColumn(columnId, { version: null });
    expect(fixture.session.snapshot().columns[1]?.version).toBeUndefined();
  });

  it('is opened once for the same model and version', async () => {
    await using fixture = await create();
    const target = { model: 'demo/swift', version: 'HEAD~1' };
    const id = await fixture.session.columnOf(target);
    expect(await fixture.session.columnOf({ ...target, version: 'main~1' })).toBe(id);
    expect(await fixture.session.columnOf({ model: 'demo/swift' })).not.toBe(id);
  });

  it('opens with the panel, with the file’s own model by default', async () => {
    await using fixture = await create();
    const columns = [{ version: 'HEAD~1' }, { model: 'demo/thorough', version: 'HEAD' }];
    const session = await CompareSession.create({ ...fixture.options(WORKING), columns });
    const shown = session.snapshot().columns;
    session.dispose();
    expect(shown.map(({ model }) => model)).toEqual(['demo/swift', 'demo/thorough']);
    expect(shown.map(({ version }) => version?.commit)).toEqual([
      fixture.git('rev-parse', 'HEAD~1'),
      fixture.git('rev-parse', 'HEAD'),
    ]);
  });

  it('is also named like on the command line, by the prompt and the text after the @', async () => {
    await using fixture = await create();
    for (const version of ['churn@HEAD~1', 'churn.prompt@main~1', '@HEAD~1', 'HEAD@{1}']) {
      const id = await fixture.session.addColumn({ version });
      const column = fixture.session.snapshot().columns.find((one) => one.id === id);
      expect(column?.version?.commit).toBe(fixture.git('rev-parse', 'HEAD~1'));
    }
    writeFileSync(`${fixture.folder}/other.prompt`, 'Another.');
    await expect(fixture.session.addColumn({ version: 'other@HEAD' })).rejects.toMatchObject({
      message: 'other@HEAD is a version of another prompt.',
    });
  });

  it('sets the columns to exactly the requested ones, and keeps the answers of those that stay', async () => {
    await using fixture = await create();
    const { session } = fixture;
    const stays = await session.addColumn({ version: 'HEAD~1' });
    await session.addColumn({ model: 'demo/thorough' });
    await session.start(stays);
    await fixture.finished();
    await session.setColumns([{ version: 'HEAD' }, { version: 'main~1' }]);
    const { columns } = session.snapshot();
    expect(columns.map(({ model, version }) => [model, version?.commit])).toEqual([
      ['demo/swift', fixture.git('rev-parse', 'HEAD')],
      ['demo/swift', fixture.git('rev-parse', 'HEAD~1')],
    ]);
    expect(columns[1]?.id).toBe(stays);
    expect(columns.map(({ runs }) => runs.map(({ state }) => state))).toEqual([[], ['done']]);
  });

  it('changes no column if one of the requested ones cannot be opened', async () => {
    await using fixture = await create();
    await expect(fixture.session.setColumns([{ version: 'HEAD' }, { version: 'v9' }])).rejects.toMatchObject({
      code: 'unknown-version',
    });
    expect(fixture.session.snapshot().columns.map(({ version }) => version)).toEqual([undefined]);
  });

  it('reports an unknown version, and adds no column', async () => {
    await using fixture = await create();
    await expect(fixture.session.addColumn({ version: 'v9' })).rejects.toMatchObject({ code: 'unknown-version' });
    expect(fixture.session.snapshot().columns).toHaveLength(1);
  });

  it('continues a conversation with its own version', async () => {
    await using fixture = await create();
    const columnId = await fixture.session.addColumn({ version: 'HEAD~1' });
    await fixture.session.start(columnId);
    await fixture.finished();
    await fixture.session.continueRun(columnId, { text: 'And then?' });
    const after = await fixture.finished();
    expect(await systemOf(fixture, after.columns[1]?.runs[0]?.runId)).toBe('You judge coldly.');
  });
});
