import { expect, it } from 'vitest';
import { NamedTitles } from '../../../src/panels/session/named-titles.ts';

it('panels with the same name show their details while both are open', () => {
  const titles = new NamedTitles<{ title: string }>('Evaluation');
  const open = (name: string, detail?: string) => {
    const panel = { title: 'Evaluation' };
    titles.add(panel, { name, detail });
    return panel;
  };
  const first = open('churn', '14:33:05');
  expect(first.title).toBe('Evaluation: churn');
  const second = open('churn', '14:35:10');
  const other = open('cities', '14:36:00');
  expect([first, second, other].map(({ title }) => title)).toEqual([
    'Evaluation: churn (14:33:05)',
    'Evaluation: churn (14:35:10)',
    'Evaluation: cities',
  ]);
  titles.remove(first);
  expect(second.title).toBe('Evaluation: churn');
});
