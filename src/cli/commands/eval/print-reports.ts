import type { EvalReport } from '../../../core/evals/report/eval-report.ts';
import { writeReport } from '../../../core/evals/report/report-formats.ts';
import type { CommandContext } from '../../context.ts';
import { printResult } from './print-result.ts';

interface Printing {
  context: CommandContext;
  /** Several results: each is one line of JSON. */
  isOneOfMany?: boolean;
  /** False for a result that ends with the command: an ID of it would be of no use. */
  isRecorded?: boolean;
}

/** The built page of the HTML report, beside this file. */
const ASSETS = new URL('./webview/', import.meta.url);

/** Prints results in the format that the command line requests. */
export async function printReports(reports: readonly EvalReport[], options: Printing): Promise<void> {
  const { context, isOneOfMany, isRecorded = true } = options;
  const { output, terminal } = context;
  const { format } = output;
  if (format === 'junit') {
    const { writeJunitReport } = await import('../../../core/evals/report/junit-report.ts');
    return output.printPieces(writeJunitReport(reports));
  }
  for (const report of reports) {
    if (format === 'text') await printResult(report, { terminal, isRecorded });
    else if (format === 'json') {
      const { writeJsonReport } = await import('../../../core/evals/report/json-report.ts');
      await output.printPieces(writeJsonReport(report, { inOneLine: isOneOfMany }));
    } else if (format !== 'ndjson' && format !== 'sarif') {
      await output.printPieces(writeReport(format, report, ASSETS));
    }
  }
}
