import { argument, choice, defineCommand, flag, text, textList, type Values } from '../define-command.ts';

const parameters = {
  data: argument('<data>', 'a JSONL or CSV file with the answers'),
  metric: textList('--metric <metrics>', 'metrics with options, such as bleu,chrf,rougeL:stemmer; repeatable'),
  prediction: text(
    '--prediction <field>',
    'the column of the answers (default: prediction, output, answer or response)',
  ),
  reference: textList(
    '--reference <field>',
    'the column of the references (default: reference, expected, ground_truth or label); repeat it for several columns',
  ),
  format: choice('--format <format>', 'the output format', { choices: ['table', 'json'], otherwise: 'table' }),
  json: flag('--json', 'the same as --format json'),
};

export type ScoreValues = Values<typeof parameters>;

export const scoreCommand = defineCommand({
  name: 'score',
  description: 'score answers of a file by metrics, without calling a model',
  parameters,
  help: `
Metrics: equals contains startsWith regex levenshtein wordCount bleu chrf chrfpp ter rouge1 rouge2 rougeL rougeLsum
meteor tokenF1, and those that need no reference: jsonValid parseRate jsonPath xmlValid htmlValid sqlValid refusal
language. Options follow a colon: a flag (rougeL:stemmer), a choice (bleu:zh) or a value (bleu:tokenize=zh).`,
  format: ({ format, json }) => (json || format === 'json' ? 'json' : 'text'),
  load: () => import('./score/score-answers.ts'),
});
