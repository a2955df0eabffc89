import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CompareSession } from '../../../src/panels/compare/compare-session.ts';
import { PROMPT, SessionFixture } from './make-session.ts';

const staleOf = ({ session }: Pick<SessionFixture, 'session'>) =>
  session.snapshot().columns.map(({ runs }) => runs.map(({ stale = [] }) => stale.join(', ')).join('; '));

async function answered(text = PROMPT): Promise<SessionFixture> {
  const fixture = await SessionFixture.create(text);
  await fixture.session.start();
  await fixture.finished();
  return fixture;
}

const edit = ({ session }: SessionFixture, text: string) => session.setSource({ ...session.source, text });

describe('an outdated answer', () => {
  it('reports that the inputs changed, until they are restored', async () => {
    await using fixture = await answered();
    expect(staleOf(fixture)).toEqual(['', '']);
    await fixture.session.setInput({ age: 43, plan: 'Gold' });
    expect(staleOf(fixture)).toEqual(['inputs', 'inputs']);
    await fixture.session.setInput({ plan: 'Gold', age: 'old' });
    expect(staleOf(fixture)).toEqual(['inputs', 'inputs']);
    await fixture.session.setInput({ plan: 'Gold', age: '42' });
    expect(staleOf(fixture)).toEqual(['', '']);
    // an empty input uses the file's default, which is what was sent
    await fixture.session.setInput({ plan: 'Gold' });
    expect(staleOf(fixture)).toEqual(['', '']);
  });

  it('distinguishes a prompt with different text from one that is only formatted differently', async () => {
    await using fixture = await answered();
    await edit(fixture, PROMPT.replace('You judge.', 'You judge coldly.'));
    expect(staleOf(fixture)).toEqual(['prompt', 'prompt']);
    await edit(fixture, PROMPT.replace('You judge.', '{{!-- soon --}}You judge.').replace('how old', 'age in years'));
    expect(staleOf(fixture)).toEqual(['', '']);
    await edit(fixture, PROMPT.replace('{{age}}', '{{age}'));
    expect(staleOf(fixture)).toEqual(['prompt', 'prompt']);
    await edit(fixture, PROMPT.replace('[low, medium, high]', '[low, high]'));
    expect(staleOf(fixture)).toEqual(['prompt', 'prompt']);
    await edit(fixture, PROMPT);
    expect(staleOf(fixture)).toEqual(['', '']);
  });

  it('lists all changes', async () => {
    await using fixture = await answered();
    await fixture.session.setInput({ age: 43, plan: 'Gold' });
    await edit(fixture, PROMPT.replace('You judge.', 'Judge.').replace('  demo: {', '  temperature: 0.5\n  demo: {'));
    expect(staleOf(fixture)).toEqual(['inputs, prompt, parameters', 'inputs, prompt, parameters']);
  });

  it('is marked only in the column whose parameters or model changed', async () => {
    await using fixture = await answered();
    const [first, second] = fixture.session.snapshot().columns.map(({ id }) => id);
    await fixture.session.setColumn(first ?? '', { parameters: { temperature: 1 } });
    expect(staleOf(fixture)).toEqual(['parameters', '']);
    await fixture.session.setColumn(second ?? '', { model: 'demo/thorough' });
    expect(staleOf(fixture)).toEqual(['parameters', 'model']);
    await fixture.session.setColumn(first ?? '', { parameters: {}, promptCaching: true });
    await fixture.session.setColumn(second ?? '', { model: 'demo/balanced' });
    expect(staleOf(fixture)).toEqual(['parameters', '']);
    await fixture.session.start(first);
    await fixture.finished();
    expect(staleOf(fixture)).toEqual(['', '']);
  });

  it('is marked when only a partial changed, even while the inputs are invalid', async () => {
    const text = PROMPT.replace('You judge.', '{{>tone}}');
    await using fixture = await SessionFixture.create(PROMPT);
    const partial = (words: string) => writeFileSync(path.join(fixture.folder, '_tone.prompt'), words);
    partial('Be kind.');
    await edit(fixture, text);
    await fixture.session.start();
    await fixture.finished();
    partial('Be cold.');
    await edit(fixture, text);
    expect(staleOf(fixture)).toEqual(['prompt', 'prompt']);
    await fixture.session.setInput({ age: 'old', plan: 'Gold' });
    await edit(fixture, text);
    expect(staleOf(fixture)).toEqual(['inputs, prompt', 'inputs, prompt']);
    partial('Be kind.');
    await edit(fixture, text);
    expect(staleOf(fixture)).toEqual(['inputs', 'inputs']);
  });

  it('is marked for a version too: its own text does not change with the file, but the selected version does', async () => {
    const text = PROMPT.replace('[demo/swift, demo/balanced]', '[demo/swift]');
    await using fixture = await SessionFixture.create(text, [{ 'churn.prompt': text.replace('judge', 'guess') }]);
    const columnId = await fixture.session.addColumn({ version: 'HEAD' });
    await fixture.session.start();
    await fixture.finished();
    await edit(fixture, text.replace('You judge.', 'Judge.'));
    expect(staleOf(fixture)).toEqual(['prompt', '']);
    await fixture.session.setColumn(columnId, { version: null });
    expect(staleOf(fixture)).toEqual(['prompt', 'version']);
  });

  it('keeps its mark when a conversation continues', async () => {
    await using fixture = await answered();
    const [column] = fixture.session.snapshot().columns;
    await fixture.session.continueRun(column?.id ?? '', { text: 'And next year?' });
    await fixture.finished();
    await edit(fixture, `${PROMPT}\n`);
    expect(staleOf(fixture)).toEqual(['', '']);
    await edit(fixture, PROMPT.replace('You judge.', 'Judge.'));
    expect(staleOf(fixture)).toEqual(['prompt', 'prompt']);
  });

  it('is still marked after a reload: inputs, columns and parameters are the last ones', async () => {
    await using fixture = await answered();
    const [first, second] = fixture.session.snapshot().columns.map(({ id }) => id);
    await fixture.session.setInput({ age: 43, plan: 'Gold' });
    await fixture.session.setColumn(first ?? '', { parameters: { temperature: 1 } });
    await fixture.session.setColumn(second ?? '', { model: 'demo/thorough' });
    const edited = PROMPT.replace('You judge.', 'Judge.');
    await edit(fixture, edited);
    const before = fixture.session.snapshot();
    const comparisonId = fixture.session.comparisonId ?? '';
    await fixture.workbench.store.status();
    fixture.session.dispose();

    const session = await CompareSession.reopen(fixture.options(edited), comparisonId, { fromHistory: false });
    const after = session.snapshot();
    expect(staleOf({ session })).toEqual(['inputs, prompt, parameters', 'inputs, prompt, model']);
    expect(after.input).toEqual(before.input);
    const columns = ({ model, parameters, runs }: (typeof after.columns)[number]) => [model, parameters, runs[0]?.text];
    expect(after.columns.map(columns)).toEqual(before.columns.map(columns));

    await session.setInput({ age: 42, plan: 'Gold' });
    await session.setSource({ ...session.source, text: PROMPT });
    expect(staleOf({ session })).toEqual(['parameters', 'model']);
    session.dispose();
  });
});
