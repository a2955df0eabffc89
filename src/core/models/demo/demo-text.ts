import type { ChatRequest } from '../chat-model.ts';
import { askedFor, type Fact, findFacts, type Reading, readFacts, severity } from './demo-facts.ts';
import type { Random } from './demo-random.ts';

/** How long a demo model's answers are: 1 terse, 2 normal, 3 long. */
export type Depth = 1 | 2 | 3;

/** Every text answer begins with this line, so that a copy of it is still recognizable. */
export function demoLabel(model: string): string {
  return `> **Demo answer** from the built-in model \`${model}\`. No language model was asked.`;
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
function describeReading({ fact, verdict }: Reading): string {
  const weighed = verdict === 'bad' ? 'is a warning sign' : 'is a good sign';
  return `${fact.name} is ${fact.value}, which ${weighed}`;
}

function describeFact({ name, value }: Fact): string {
  return `${name} is ${value}`;
}

/** The nth piece of advice for this request; different for adjacent n. */
export function advice(n: number, offset: number): string {
  return ADVICE[(n + offset) % ADVICE.length] ?? '';
}

/** The number of observations that the input itself supports. */
export function observationCount(request: ChatRequest): number {
  return orderFacts(request).length;
}

/** The nth observation about the input; general remarks if the input contains no statements. */
export function observation(n: number, request: ChatRequest): string {
  const own = orderFacts(request);
  return own[n] ?? OBSERVATIONS[(n - own.length) % OBSERVATIONS.length] ?? '';
}

/** Warning signs first, then good ones, then neutral statements; identifying someone is not an observation. */
function orderFacts(request: ChatRequest): string[] {
  const facts = findFacts(request);
  const readings = readFacts(facts);
  const weighed = [...readings].sort((a, b) => a.verdict.localeCompare(b.verdict));
  const rest = facts.filter(
    (fact) => !/^(age|name|id)\b/i.test(fact.name) && !readings.some((known) => known.fact === fact),
  );
  return [...weighed.map(describeReading), ...rest.map(describeFact)];
}

export function summarize(request: ChatRequest): string {
  const readings = readFacts(findFacts(request));
  const level = severity(readings);
  if (level === undefined) return `The question was: “${askedFor(request)}”`;
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
    `## ${askedFor(request).replace(/[.?!…]+$/, '')}`,
    `${summarize(request)}.`,
    `### What stands out\n\n${list(count, (n) => observation(n, request))}`,
    `### What to do\n\n${list(count, (n) => advice(n, offset))}`,
  ];
  if (depth >= 2)
    sections.splice(3, 0, 'Each point below refers to the input as it was sent; nothing else is known here.');
  if (depth === 3) sections.push(table(findFacts(request)), CODE);
  return sections.filter((section) => section !== '').join('\n\n');
}

/** The thoughts of the model with reasoning. */
export function writeReasoning(request: ChatRequest): string {
  const facts = findFacts(request);
  const seen = facts.length === 0 ? 'no named values' : facts.slice(0, 5).map(describeFact).join('; ');
  return `I am asked: ${askedFor(request)} The input gives ${seen}. ${summarize(request)}. I will name what stands out first and then what to do, most urgent first.`;
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

function table(facts: readonly Fact[]): string {
  if (facts.length === 0) return '';
  const rows = facts.map(({ name, value }) => `| ${name} | ${value} |`);
  return ['| Input | Value |', '| --- | --- |', ...rows].join('\n');
}

const CODE = '```python\nif risk == "high":\n    schedule_call(within_days=2)\n```';
