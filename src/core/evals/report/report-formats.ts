import type { EvalReport } from './eval-report.ts';
import type { ReportFormat } from './report-format.ts';

interface FormatInfo {
  format: ReportFormat;
  /** For a list to choose from. */
  title: string;
  description: string;
  /** Of the file, with its dot. */
  extension: string;
}

/** In the order in which they are offered. */
export const REPORT_FORMATS: readonly FormatInfo[] = [
  {
    format: 'html',
    title: 'HTML',
    description: 'One file with summary and cases, for any browser',
    extension: '.html',
  },
  { format: 'csv', title: 'CSV', description: 'One row per answer, for spreadsheets', extension: '.csv' },
  { format: 'json', title: 'JSON', description: 'The same as llmops eval --format json', extension: '.json' },
  { format: 'jsonl', title: 'JSON Lines', description: 'One line per answer', extension: '.jsonl' },
  {
    format: 'markdown',
    title: 'Markdown',
    description: 'Summary and changed cases, for a pull request',
    extension: '.md',
  },
  {
    format: 'junit',
    title: 'JUnit XML',
    description: 'Failed cases as failed tests, for CI servers',
    extension: '.xml',
  },
  {
    format: 'promptfoo',
    title: 'promptfoo JSON',
    description: 'Results in the format of promptfoo',
    extension: '.json',
  },
  {
    format: 'failed-rows',
    title: 'Failed Rows',
    description: 'The cases that failed, as a dataset in JSON Lines',
    extension: '.jsonl',
  },
  {
    format: 'pairs',
    title: 'Preference Pairs',
    description: 'A chosen and a rejected answer per case, for preference tuning',
    extension: '.jsonl',
  },
];

/** The text of a result in a format, piece by piece. `assets` is the folder of the built page of the HTML report. */
export async function* writeReport(format: ReportFormat, report: EvalReport, assets: URL): AsyncGenerator<string> {
  const write = await load(format);
  yield* write(report, assets);
}

/** Each is loaded when it is written: a command needs only one. */
async function load(format: ReportFormat): Promise<(report: EvalReport, assets: URL) => AsyncIterable<string>> {
  switch (format) {
    case 'json': {
      const { writeJsonReport } = await import('./json-report.ts');
      return (report) => writeJsonReport(report);
    }
    case 'jsonl':
      return (await import('./json-report.ts')).writeJsonLinesReport;
    case 'csv':
      return (await import('./csv-report.ts')).writeCsvReport;
    case 'markdown':
      return (await import('./markdown-report.ts')).writeMarkdownReport;
    case 'junit': {
      const { writeJunitReport } = await import('./junit-report.ts');
      return (report) => writeJunitReport([report]);
    }
    case 'promptfoo':
      return (await import('./promptfoo-report.ts')).writePromptfooReport;
    case 'failed-rows':
      return (await import('./failed-rows.ts')).writeFailedRows;
    case 'pairs':
      return (await import('./preference-pairs.ts')).writePreferencePairs;
    case 'html':
      return (await import('./html-report.ts')).writeHtmlReport;
  }
}
