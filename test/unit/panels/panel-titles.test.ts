import { expect, it } from 'vitest';
import { PanelTitles } from '../../../src/panels/session/panel-titles.ts';

function open(titles: PanelTitles<{ title: string }>, file: string, title = '') {
  const panel = { title };
  titles.add(panel, file);
  return panel;
}

it('panels of one prompt are numbered, and keep their number', () => {
  const titles = new PanelTitles<{ title: string }>('Compare');
  const [first, second, third] = [1, 2, 3].map(() => open(titles, 'prompts/churn.prompt'));
  expect([first, second, third].map((panel) => panel?.title)).toEqual([
    'Compare: churn',
    'Compare: churn (2)',
    'Compare: churn (3)',
  ]);
  if (second) titles.remove(second);
  expect(third?.title).toBe('Compare: churn (3)');
  expect(open(titles, 'prompts/churn.prompt').title).toBe('Compare: churn (2)');
  if (third) titles.add(third, 'prompts/churn.prompt');
  expect(third?.title).toBe('Compare: churn (3)');
});

it('prompts with the same name show their folders while both are open', () => {
  const titles = new PanelTitles<{ title: string }>('Compare');
  const here = open(titles, 'reply.prompt');
  expect(here.title).toBe('Compare: reply');
  const there = open(titles, 'support\\de\\reply.prompt');
  const other = open(titles, 'support/reply.formal.prompt');
  expect([here, there, other].map(({ title }) => title)).toEqual([
    'Compare: reply — ./',
    'Compare: reply — support/de',
    'Compare: reply.formal',
  ]);
  titles.remove(there);
  expect(here.title).toBe('Compare: reply');
});

it('a panel that is restored by a reload keeps its number, whichever is first', () => {
  const titles = new PanelTitles<{ title: string }>('Compare');
  const second = open(titles, 'a.prompt', 'Compare: a (2)');
  const first = open(titles, 'a.prompt', 'Compare: a');
  expect([first.title, second.title]).toEqual(['Compare: a', 'Compare: a (2)']);
});
