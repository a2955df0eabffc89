import type { ChatRequest } from '../chat-model.ts';
import type { Random } from './demo-random.ts';
import {
  findStatements,
  questionOf,
  type Reading,
  rateStatements,
  type Statement,
  severity,
} from './demo-statements.ts';

/** How long a demo model's answers are: 1 terse, 2 normal, 3 long. */
export type Depth = 1 | 2 | 3;

/** Every text answer begins with this line, so that a copy of it is still recognizable. */
export function demoLabel(model: string): string {
  return `> **Demo answer** from the built-in model \`${model}\`. No language model was called.`;
}

const ADVICE: readonly string[] = [
  'Call the customer this week and ask what changed',
  'Offer a working session with a specialist on the features that they pay for but do not use',
  'Close the oldest open ticket first and tell them when it is done',
  'Propose an annual plan with a review after 90 days',
  'Name one person who answers within a day',
  'Agree on one measurable goal for the next quarter and report on it monthly',
  'Send a short note that shows the value of the past quarter in their own numbers',
  'Check the invoice history for surprises before talking about renewal',
];

const OBSERVATIONS: readonly string[] = [
  'The request is clear enough to be answered without asking back',
  'The most important input comes first, which helps',
  'Nothing in the text contradicts itself',
  'A concrete example would make the answer easier to check',
  'The constraints leave little room for different readings',
];

/** A sentence that assesses a statement. */
function describeReading({ statement, verdict }: Reading): string {
  const weighed = verdict === 'bad' ? 'is a warning sign' : 'is a good sign';
  return `${statement.name} is ${statement.value}, which ${weighed}`;
}

function describeStatement({ name, value }: Statement): string {
  return `${name} is ${value}`;
}

/** The nth piece of advice for this request; different for adjacent n. */
export function advice(n: number, offset: number): string {
  return ADVICE[(n + offset) % ADVICE.length] ?? '';
}

/** The number of observations that the input itself supports. */
export function observationCount(request: ChatRequest): number {
  return orderStatements(request).length;
}

/** The nth observation about the input; general remarks if the input contains no statements. */
export function observation(n: number, request: ChatRequest): string {
  const own = orderStatements(request);
  return own[n] ?? OBSERVATIONS[(n - own.length) % OBSERVATIONS.length] ?? '';
}

/** Warning signs first, then good ones, then neutral statements; identifying someone is not an observation. */
function orderStatements(request: ChatRequest): string[] {
  const statements = findStatements(request);
  const readings = rateStatements(statements);
  const weighed = [...readings].sort((a, b) => a.verdict.localeCompare(b.verdict));
  const rest = statements.filter(
    (statement) =>
      !/^(age|name|id)\b/i.test(statement.name) && !readings.some((known) => known.statement === statement),
  );
  return [...weighed.map(describeReading), ...rest.map(describeStatement)];
}

export function summarize(request: ChatRequest): string {
  const readings = rateStatements(findStatements(request));
  const level = severity(readings);
  if (level === undefined) return `The question was: “${questionOf(request)}”`;
  const verdict = level > 0.6 ? 'serious' : level > 0.3 ? 'mixed' : 'good';
  const bad = readings.filter((reading) => reading.verdict === 'bad').length;
  return `The picture is ${verdict}: ${bad} of ${readings.length} signals in the input point to trouble`;
}

/** A Markdown answer with a heading, a list, and at length a table and a code block, to exercise every view of it. */
export function writeMarkdown(request: ChatRequest, { depth, random }: { depth: Depth; random: Random }): string {
  const offset = random.int(0, 7);
  const count = depth + 1;
  const sections = [
    demoLabel(request.model),
    `## ${questionOf(request).replace(/[.?!…]+$/, '')}`,
    `${summarize(request)}.`,
    `### What stands out\n\n${list(count, (n) => observation(n, request))}`,
    `### What to do\n\n${list(count, (n) => advice(n, offset))}`,
  ];
  if (depth >= 2)
    sections.splice(3, 0, 'Each point below refers to the input as it was sent; nothing else is known here.');
  if (depth === 3) sections.push(table(findStatements(request)), CODE);
  return sections.filter((section) => section !== '').join('\n\n');
}

/** The thoughts of the model with reasoning. */
export function writeReasoning(request: ChatRequest): string {
  const statements = findStatements(request);
  const seen = statements.length === 0 ? 'no named values' : statements.slice(0, 5).map(describeStatement).join('; ');
  return `I am asked: ${questionOf(request)} The input gives ${seen}. ${summarize(request)}. I will name what stands out first and then what to do, most urgent first.`;
}

/** Text of an exact length, for measuring how fast answers are shown. */
export function writeFiller(request: ChatRequest, words: number): string {
  const paragraph = `${advice(0, 0)}. ${advice(1, 0)}. ${OBSERVATIONS.join('. ')}.`.split(' ');
  const parts = [demoLabel(request.model), ''];
  for (let index = 0; index < words; index += 1) {
    const word = paragraph[index % paragraph.length] ?? '';
    parts.push(index % 60 === 59 ? `${word}\n\n` : `${word} `);
  }
  return parts.slice(0, 2).join('\n\n') + parts.slice(2).join('');
}

function list(count: number, item: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => `- ${item(n)}.`).join('\n');
}

function table(statements: readonly Statement[]): string {
  if (statements.length === 0) return '';
  const rows = statements.map(({ name, value }) => `| ${name} | ${value} |`);
  return ['| Input | Value |', '| --- | --- |', ...rows].join('\n');
}

const CODE = '```python\nif risk == "high":\n    schedule_call(within_days=2)\n```';
