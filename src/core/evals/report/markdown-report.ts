import { columnTitle } from '../../../shared/column-title.ts';
import { formatCount } from '../../../shared/format.ts';
import { markdownCode, markdownFence, markdownTable, markdownText } from '../../../shared/markdown-text.ts';
import { sanitize } from '../../../shared/sanitize.ts';
import type { CellWithAnswer, EvalRecord } from '../../store/evals/eval-record.ts';
import { changesOf, describeCells } from './case-changes.ts';
import { describeColumns, describeUnmatched, figuresOf, headlineOf } from './describe-result.ts';
import type { EvalReport, ReportCase } from './eval-report.ts';

/** Code hosts reject a longer comment: GitHub at 65,536 characters. */
const LONGEST_REPORT = 60_000;
const MAX_CASES = { regressed: 20, improved: 10, failed: 20 };
const LONGEST_ANSWER = 1_500;

type Kind = keyof typeof MAX_CASES;
const HEADINGS: Readonly<Record<Kind, (cases: string) => string>> = {
  regressed: (cases) => `${cases} worse than the baseline`,
  improved: (cases) => `${cases} better than the baseline`,
  failed: (cases) => `${cases} failed`,
};

/** A result as a comment on a pull request. Texts of prompts, cases and answers cannot break the Markdown. */
export async function* writeMarkdownReport(report: EvalReport): AsyncGenerator<string> {
  const { record } = report;
  const hasBaseline = record.baselineId !== undefined || record.columns.some(({ isBaseline }) => isBaseline);
  const head = [
    `## ${markdownText(record.name)}: ${markdownText(headlineOf(record))}`,
    ...columnSections(record),
    ...gateTable(record),
  ].join('\n\n');
  const foot = footer(record);
  let room = LONGEST_REPORT - head.length - foot.length;
  yield head;
  for (const kind of hasBaseline ? (['regressed', 'improved'] as const) : (['failed'] as const)) {
    const section = await caseSection(kind, report, room);
    room -= section.length;
    yield section;
  }
  yield `\n\n${foot}\n`;
}

function columnSections(record: EvalRecord): string[] {
  return describeColumns(record).map(({ title, against, sentences }) => {
    const compared = against === undefined ? '' : ` against ${markdownCode(against)}`;
    const lines = sentences.map((sentence) => `- ${markdownText(sentence)}`);
    return [`${markdownCode(title)}${compared}`, lines.join('\n')].filter(Boolean).join('\n\n');
  });
}

const GATE_STATES = { true: '✅ passed', false: '❌ failed', null: '⚠️ not decided' } as const;

function gateTable({ summary }: EvalRecord): string[] {
  if (!summary || summary.gates.length === 0) return [];
  const rows = summary.gates.map(({ gate, passed, reason }) => {
    return [markdownCode(gate), GATE_STATES[`${passed}`], markdownText(reason)];
  });
  return [markdownTable(['Gate', 'Result', 'Reason'], rows)];
}

async function caseSection(kind: Kind, report: EvalReport, room: number): Promise<string> {
  const places = kind === 'failed' ? await report.failedPlaces() : await report.placesIn(kind);
  if (places.length === 0) return '';
  const heading = HEADINGS[kind](formatCount(places.length, 'case'));
  const shown: string[] = [];
  let length = 0;
  for await (const one of report.cases({ places: places.subarray(0, MAX_CASES[kind]), withBaseline: true })) {
    const text = kind === 'failed' ? failedCase(one, report) : changedCase(one, report);
    length += text.length;
    if (length > room - 500) break;
    shown.push(text);
  }
  const rest = places.length - shown.length;
  const more = rest > 0 ? `\n\n${formatCount(rest, 'more case is', 'more cases are')} not shown.` : '';
  return `\n\n<details><summary>${heading}</summary>\n\n${shown.join('\n\n')}${more}\n\n</details>`;
}

function changedCase(one: ReportCase, { record, baseline }: EvalReport): string {
  const changes = changesOf(one, record, baseline).filter(({ before, after }) => differ(before, after));
  const parts = changes.map(({ title, before, after }) => {
    const states = `${markdownText(describeCells(before))} → ${markdownText(describeCells(after))}`;
    return `${markdownCode(title)}: ${states}\n\n${diffBlock(before[0], after[0])}${reasons(after, record)}`;
  });
  return [caseHeading(one), ...parts].join('\n\n');
}

function failedCase(one: ReportCase, { record }: EvalReport): string {
  const parts = record.columns.flatMap((column, index) => {
    const own = one.cells.filter((cell) => cell.column === index);
    const [first, ...others] = own.filter(({ state }) => state !== 'passed');
    if (!first || column.isBaseline) return [];
    const state = `${markdownCode(columnTitle(column))}: ${markdownText(describeCells(own))}`;
    const block = markdownFence(visibleLines(first.answer.output).join('\n'), 'text');
    return [`${state}\n\n${block}${reasons([first, ...others], record)}`];
  });
  return [caseHeading(one), ...parts].join('\n\n');
}

function caseHeading({ case: { id, inputs } }: ReportCase): string {
  const short = Object.entries(inputs)
    .slice(0, 3)
    .map(([name, value]) => `${name}: ${shorten(typeof value === 'string' ? value : JSON.stringify(value), 80)}`);
  const what = short.length > 0 ? `\n\n${markdownText(short.join(' · '))}` : '';
  return `**${markdownText(shorten(id, 80))}**${what}`;
}

function differ(before: readonly CellWithAnswer[], after: readonly CellWithAnswer[]): boolean {
  return before.some(({ state, score, answer }, index) => {
    const other = after[index];
    return other?.state !== state || other.score !== score || other.answer.output !== answer.output;
  });
}

/** Answers are mostly a few lines: all of the old one, then all of the new one, except for equal lines at both ends. */
function diffBlock(before: CellWithAnswer | undefined, after: CellWithAnswer | undefined): string {
  const [old, now] = [before, after].map((cell) => visibleLines(cell?.answer.output ?? ''));
  if (!old || !now) return '';
  let start = 0;
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) start += 1;
  let end = 0;
  const left = () => Math.min(old.length, now.length) - start;
  while (end < left() && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  const marked = (lines: string[], sign: string) => lines.map((line) => `${sign}${line}`);
  const lines = [
    ...marked(old.slice(0, start), ' '),
    ...marked(old.slice(start, old.length - end), '-'),
    ...marked(now.slice(start, now.length - end), '+'),
    ...marked(now.slice(now.length - end), ' '),
  ];
  return markdownFence(lines.join('\n'), 'diff');
}

function visibleLines(text: string): string[] {
  return sanitize(shorten(text, LONGEST_ANSWER)).split('\n');
}

/** Why metrics failed, or the error. */
function reasons(cells: readonly CellWithAnswer[], { metrics }: EvalRecord): string {
  const texts = cells.flatMap(({ scores, answer }) => [
    ...(answer.error ? [answer.error.message] : []),
    ...scores.flatMap(({ passed, value, reason }, index) => {
      if (passed !== false) return [];
      const figure = value === null ? '' : ` ${Number(value.toPrecision(3))}`;
      return [`${metrics[index]?.name ?? ''}${figure}${reason ? `: ${shorten(reason, 200)}` : ''}`];
    }),
  ]);
  const unique = [...new Set(texts)].slice(0, 5);
  return unique.length > 0 ? `\n\n${unique.map((text) => `- ${markdownText(text)}`).join('\n')}` : '';
}

function footer(record: EvalRecord): string {
  const lines = [figuresOf(record), describeUnmatched(record)].filter((line) => line !== undefined);
  return lines.map(markdownText).join('<br>');
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length).toWellFormed()}…` : text;
}
