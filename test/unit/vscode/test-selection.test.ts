import { describe, expect, it } from 'vitest';
import type { TestTarget } from '../../../src/vscode/evals/tests/test-items.ts';
import { selectionsOf } from '../../../src/vscode/evals/tests/test-selection.ts';
import { columnTitles, selectSubjects, subjectTitles } from '../../../src/vscode/evals/tests/test-subjects.ts';

const uri = {} as never;
const file: TestTarget = { kind: 'file', uri };
const subject = (title: string): TestTarget => ({ kind: 'subject', uri, title });
const one = (title: string, caseId: string): TestTarget => ({ kind: 'case', uri, title, caseId });
const TITLES = ['churn', 'churn@production', 'triage'];

/** What each evaluation would run: titles, and cases. */
function runsOf(included: TestTarget[], excluded: TestTarget[] = []) {
  return selectionsOf({ included, excluded, titles: TITLES }).map(({ titles, cases }) => [[...titles], cases]);
}

describe('what a selection of tests runs', () => {
  it('is everything for a file, whatever is selected in it besides', () => {
    expect(runsOf([file, one('churn', 'a')])).toEqual([[TITLES, undefined]]);
  });

  it('is a prompt alone for its item', () => {
    expect(runsOf([subject('churn')])).toEqual([[['churn'], undefined]]);
  });

  it('is single cases of exactly the prompts in which they were selected', () => {
    expect(runsOf([one('churn', 'b'), one('churn', 'a'), one('triage', 'a'), one('triage', 'b')])).toEqual([
      [
        ['churn', 'triage'],
        ['a', 'b'],
      ],
    ]);
    expect(runsOf([one('churn', 'a'), one('triage', 'b')])).toEqual([
      [['churn'], ['a']],
      [['triage'], ['b']],
    ]);
  });

  it('does not run a case twice whose prompt runs as a whole', () => {
    expect(runsOf([subject('churn'), one('churn', 'a'), one('triage', 'a')])).toEqual([
      [['churn'], undefined],
      [['triage'], ['a']],
    ]);
  });

  it('leaves out what is excluded', () => {
    expect(runsOf([file], [subject('churn')])).toEqual([[['churn@production', 'triage'], undefined]]);
    expect(runsOf([file], [file])).toEqual([]);
    expect(runsOf([one('churn', 'a'), one('churn', 'b')], [one('churn', 'b')])).toEqual([[['churn'], ['a']]]);
    expect(runsOf([one('churn', 'a')], [subject('churn')])).toEqual([]);
    expect(runsOf([one('churn', 'a')], [one('churn', 'a')])).toEqual([]);
  });

  it('leaves out excluded cases of a prompt or a file that runs as a whole', () => {
    const [a, b] = [one('churn', 'a'), one('churn', 'b')];
    expect(runsOf([subject('churn')], [b, a])).toEqual([[['churn'], { except: ['a', 'b'] }]]);
    expect(runsOf([file], [a])).toEqual([
      [['churn'], { except: ['a'] }],
      [['churn@production', 'triage'], undefined],
    ]);
    expect(runsOf([file], [a, subject('triage'), one('churn@production', 'a')])).toEqual([
      [['churn', 'churn@production'], { except: ['a'] }],
    ]);
  });
});

describe('the prompts of an evaluation', () => {
  const prompt = (path: string, ref?: string) => ({ written: path, file: undefined, prompt: path, ref });
  const spec = {
    prompts: [prompt('churn', 'production'), prompt('prompts/churn.prompt')],
    models: [
      { model: 'demo/swift', parameters: {} },
      { model: 'demo/thorough', parameters: {} },
    ],
    targets: [],
  };

  it('are selected by the titles of their columns', () => {
    expect(subjectTitles(spec)).toEqual(['churn@production', 'churn']);
    expect(columnTitles(spec)).toEqual(['churn@production', 'churn@production', 'churn', 'churn']);
    expect(selectSubjects(spec, (title) => title === 'churn').prompts).toEqual([spec.prompts[1]]);
  });

  it('may be none, for answers that are there', () => {
    const answers = { prompts: [], models: [], targets: [] };
    expect(selectSubjects(answers, () => true)).toEqual(answers);
    expect(columnTitles(answers)).toEqual(subjectTitles(answers));
  });

  it('are not replaced by the answers of the dataset if none of them is left', () => {
    expect(() => selectSubjects(spec, (title) => title === 'gone')).toThrow('no longer in this evaluation');
  });
});
