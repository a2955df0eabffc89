import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import type { CompareSession } from '../../panels/compare/compare-session.ts';
import type { CopiedComparison, CopiedRun } from '../../panels/compare/comparison-text.ts';
import type { CopyFormat } from '../../protocol/compare.ts';
import { isCostEstimated } from '../../shared/is-cost-estimated.ts';

const NAMES = { markdown: 'Markdown', csv: 'CSV' };

/** Copies the answers of all columns, with their inputs and parameters, for a document or a spreadsheet. */
export async function copyComparison(session: CompareSession, format: CopyFormat): Promise<void> {
  const { comparisonCsv, comparisonMarkdown } = await import('../../panels/compare/comparison-text.ts');
  const comparison = copiedOf(session);
  if (comparison.runs.length === 0) {
    throw new UserError('There are no answers to copy yet.', { code: 'usage', hint: 'Run the prompt first.' });
  }
  await vscode.env.clipboard.writeText(format === 'csv' ? comparisonCsv(comparison) : comparisonMarkdown(comparison));
  vscode.window.setStatusBarMessage(`$(check) Copied the comparison as ${NAMES[format]}.`, 5000);
}

/** Uses the inputs and parameters of each run, not the current ones of the form. */
function copiedOf(session: CompareSession): CopiedComparison {
  const { prompt, columns } = session.snapshot();
  const runs = columns.flatMap((column) =>
    column.runs.map((run): CopiedRun => {
      const basis = session.basisOf(run.runId);
      return {
        model: basis?.model ?? column.model,
        simulated: run.simulated,
        version: basis ? basis.version?.label : column.version?.label,
        repeat: column.runs.length > 1 ? run.repeat + 1 : undefined,
        parameters: { ...basis?.parameters },
        input: basis?.input ?? {},
        state: run.state,
        answer: run.text || run.toolCalls.map(({ name, input }) => `${name}(${JSON.stringify(input)})`).join('\n'),
        figures: run.figures,
        estimated: run.figures !== undefined && isCostEstimated(run.figures),
        schema: run.schemaCheck,
        error: run.error?.message,
        stale: run.stale?.length ? `${run.stale.join(', ')} changed since this run` : undefined,
      };
    }),
  );
  return { prompt: prompt.label, runs };
}
