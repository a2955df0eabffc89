import type { Metric, Parameter } from '../../../../src/core/evals/metrics/metric.ts';
import { METRICS } from '../../../../src/core/evals/metrics/metric-table.ts';

const SCALES = { 'yes-no': '0 or 1', '0-1': '0–1', '0-100': '0–100', count: 'count' };

/** The text of `media/docs/metrics.md`, from the table of metrics. */
export function metricsPage(): string {
  return `# Metrics

A metric scores one answer. Metrics that are true or false pass at 1. Graded metrics pass at their \`threshold\`, in their
direction; without one they are only reported. The column *Passes* has the threshold that counts unless you set one. A score that is undefined has a reason instead of a value, and is never counted
as 0: for example, if the reference is empty. If a case has several references, they are alternatives.

On the command line, options follow a colon: a flag (\`rougeL:stemmer\`), a choice (\`bleu:zh\`), or a value
(\`bleu:tokenize=zh\`). \`value=\` takes all that follows it. Every metric that is true or false has the flag \`not\`.

| Metric | What it measures | Scale | Better | Passes | Source |
| --- | --- | --- | --- | --- | --- |
${METRICS.map(metricRow).join('\n')}

## Parameters

| Metric | Parameter | Meaning |
| --- | --- | --- |
${METRICS.flatMap(parameterRows).join('\n')}

## Notes

- Scores of BLEU, chrF, chrF++, TER, ROUGE and METEOR are equal to those of the Python packages to six digits; the tests compare
  300 pairs in nine languages. The signature of a corpus score is that of sacreBLEU.
- BLEU, chrF and TER of a corpus are calculated from the counts of all answers, not from the scores of single answers.
- BLEU with \`13a\` finds no words in Chinese and Japanese, which are written without spaces: use \`zh\` or \`char\`.
- ROUGE reads ASCII letters and digits only, as its package does, so that two equal Chinese texts score 0. \`tokenize=unicode\`
  reads every script: runs of letters, marks and digits, and single letters of scripts that are written without spaces.
- METEOR of an equal answer of one word is 0.5: all matches are one chunk, and its penalty is greatest for few matches.
- Metrics that need a model are not here yet, such as faithfulness, answer relevancy, or an answer that a model grades by a
  rubric (\`llm-rubric\`).
- \`javascript\` and \`python\` call a function of yours, see [Metrics of your own](evaluations.md#metrics-of-your-own).
- Regular expressions run in a thread of their own. One that takes longer than a second is stopped, and its score is undefined.
`;
}

function metricRow({ id, description, scale, direction, threshold, source = '' }: Metric): string {
  const passes = threshold === undefined ? '' : `at ${threshold}`;
  return `| \`${id}\` | ${cell(description)} | ${SCALES[scale]} | ${direction} | ${passes} | ${cell(source)} |`;
}

function parameterRows({ id, parameters }: Metric): string[] {
  return Object.entries(parameters).map(
    ([name, parameter]) => `| \`${id}\` | \`${name}\` | ${cell(parameter.description)}${notes(parameter)} |`,
  );
}

function notes({ enum: choices, default: otherwise, isRequired }: Parameter): string {
  const listed = Array.isArray(choices) ? ` One of ${choices.map((choice) => `\`${choice}\``).join(', ')}.` : '';
  const shown = otherwise === undefined || otherwise === false ? '' : ` Default: \`${otherwise}\`.`;
  return `${listed}${shown}${isRequired ? ' Required.' : ''}`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
