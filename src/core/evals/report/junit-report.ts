import { columnTitle } from '../../../shared/column-title.ts';
import { sanitize } from '../../../shared/sanitize.ts';
import type { CellWithAnswer, EvalRecord, GateResult } from '../../store/evals/eval-record.ts';
import type { EvalReport, ReportCase } from './eval-report.ts';

/** A CI server shows a failure in a list: the whole answer is in the other formats. */
const LONGEST_TEXT = 10_000;

/**
 * JUnit XML as Jenkins, GitLab and GitHub Actions read it: a test for each answer and for each gate. Answers of a baseline
 * are left out: that they failed before is no failure of this change.
 */
export async function* writeJunitReport(reports: readonly EvalReport[]): AsyncGenerator<string> {
  const suites = await Promise.all(reports.map(async (report) => ({ report, cases: await countTests(report) })));
  const counts = suites.flatMap(({ report, cases }) => [cases, countGates(report.record)]);
  const total = (name: 'tests' | 'failures' | 'errors') => counts.reduce((sum, one) => sum + one[name], 0);
  const all = { tests: total('tests'), failures: total('failures'), errors: total('errors') };
  const ms = reports.map(({ record }) => record.workedMs);
  const time = ms.every((one) => one !== undefined) ? seconds(ms.reduce((sum, one) => sum + one, 0)) : undefined;
  const name = reports.map(({ record }) => record.name).join(', ');
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes({ name, ...all, time })}>\n`;
  for (const { report, cases } of suites) yield* suitesOf(report, cases);
  yield '</testsuites>\n';
}

async function* suitesOf(report: EvalReport, counts: Counts): AsyncGenerator<string> {
  const { record } = report;
  const time = seconds(record.workedMs);
  const timestamp = new Date(record.startedAt).toISOString().slice(0, 19);
  yield `  <testsuite${attributes({ name: record.name, ...counts, time, timestamp })}>\n`;
  for await (const one of report.cases()) yield one.cells.map((cell) => testOf(cell, one, record)).join('');
  yield '  </testsuite>\n';
  const gates = record.summary?.gates ?? [];
  if (gates.length === 0) return;
  yield `  <testsuite${attributes({ name: `${record.name}: gates`, ...countGates(record), time: '0' })}>\n`;
  yield gates.map((gate) => gateTest(gate, record)).join('');
  yield '  </testsuite>\n';
}

interface Counts {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
}

function countGates({ summary }: EvalRecord): Counts {
  const gates = summary?.gates ?? [];
  const count = (state: boolean | null) => gates.filter(({ passed }) => passed === state).length;
  return { tests: gates.length, failures: count(false), errors: 0, skipped: count(null) };
}

/** The counts are attributes of the first line, so the states are read before the answers. */
async function countTests({ record, states }: EvalReport): Promise<Counts> {
  const { columns, repeats } = record;
  const found = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  for (const [index, state] of (await states()).entries()) {
    if (state === 0 || columns[Math.floor(index / repeats) % columns.length]?.isBaseline) continue;
    found.tests += 1;
    if (state === 2) found.failures += 1;
    if (state === 3) found.errors += 1;
  }
  return found;
}

function testOf(cell: CellWithAnswer, { case: { id, expected } }: ReportCase, record: EvalRecord): string {
  const column = record.columns[cell.column];
  if (!column || column.isBaseline) return '';
  const { answer } = cell;
  const head = attributes({
    name: record.repeats > 1 ? `${id} (${cell.repeat} of ${record.repeats})` : id,
    classname: `${record.name}.${columnTitle(column)}`,
    time: seconds(answer.latencyMs),
  });
  if (cell.state === 'passed') return `    <testcase${head}/>\n`;
  const reasons = failedMetrics(cell, record);
  if (cell.state === 'error') {
    const { code, message, hint } = answer.error ?? { code: 'metric', message: reasons.join('; ') };
    const text = [message, hint].filter(Boolean).join('\n');
    return test(head, `<error${attributes({ message, type: code })}>${escapeXml(text)}</error>`);
  }
  const wanted = expected.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  const parts = [reasons.join('\n'), ...wanted.map((one) => `Expected: ${cut(one)}`), `Answer: ${cut(answer.output)}`];
  const message = reasons.join('; ');
  return test(head, `<failure${attributes({ message, type: 'metric' })}>${escapeXml(parts.join('\n'))}</failure>`);
}

function test(head: string, content: string): string {
  return `    <testcase${head}>\n      ${content}\n    </testcase>\n`;
}

/** `rougeL 0.31, less than 0.4`: each metric that failed or is unknown, with its reason. */
function failedMetrics({ scores, state }: CellWithAnswer, { metrics }: EvalRecord): string[] {
  return scores.flatMap(({ value, passed, reason }, index) => {
    const metric = metrics[index];
    if (!metric || (passed !== false && !(state === 'error' && value === null))) return [];
    const figure = value === null ? '' : ` ${Number(value.toPrecision(4))}`;
    return [`${metric.name}${figure}${reason ? `: ${reason}` : ''}`];
  });
}

function gateTest({ gate, passed, reason }: GateResult, { name }: EvalRecord): string {
  const head = attributes({ name: gate, classname: `${name}.gates`, time: '0' });
  if (passed) return `    <testcase${head}/>\n`;
  if (passed === null) return test(head, `<skipped>${escapeXml(reason)}</skipped>`);
  return test(head, `<failure${attributes({ message: reason, type: 'gate' })}>${escapeXml(reason)}</failure>`);
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}

function seconds(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : String(Number((ms / 1000).toFixed(6)));
}

function attributes(values: Record<string, string | number | undefined>): string {
  return Object.entries(values)
    .map(([name, value]) =>
      value === undefined ? '' : ` ${name}="${escapeXml(String(value)).replaceAll('\n', '&#10;')}"`,
    )
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML 1.0 has no place for most control characters, lone surrogates and two others, even escaped. */
function escapeXml(text: string): string {
  return sanitize(text)
    .toWellFormed()
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
}
