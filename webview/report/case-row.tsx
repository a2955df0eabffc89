import { useState } from 'preact/hooks';
import { formatNumber, formatScore } from '../../src/shared/format.ts';
import type { ReportCaseData, ReportCellData, ReportHead } from '../../src/shared/report-data.ts';
import { showControls } from '../shared/text/show-controls.ts';
import { CaseDetails } from './case-details.tsx';
import { baselineOf, compareCells } from './filter-cases.ts';

interface Props {
  one: ReportCaseData;
  head: ReportHead;
}

const PREVIEW_LENGTH = 160;

/** A case in one row; its inputs, answers and scores are below it when it is open. */
export function CaseRow({ one, head }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <tr>
        <th scope="row">
          <button type="button" class="toggle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {showControls(one.id)}
          </button>
          <div class="preview">{preview(one.inputs.map(([, value]) => value).join(' · '))}</div>
          {one.tags.length > 0 && <div class="tags">{showControls(one.tags.join(', '))}</div>}
        </th>
        {head.columns.map((_, column) => (
          <Summary key={column} one={one} head={head} column={column} />
        ))}
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={head.columns.length + 1}>
            <CaseDetails one={one} head={head} />
          </td>
        </tr>
      )}
    </>
  );
}

function Summary({ one, head, column }: Props & { column: number }) {
  const cells = one.cells.filter((cell) => cell.column === column);
  if (cells.length === 0) return <td>—</td>;
  const before = head.columns[column]?.isBaseline ? [] : baselineOf(one, column, head);
  const change = before.length > 0 ? compareCells(before, cells) : 0;
  return (
    <td>
      <span class={worst(cells)}>{stateText(cells)}</span>
      {scoreText(cells)}
      {change !== 0 && <span class={change < 0 ? 'failed' : 'passed'}> {change < 0 ? '▼ worse' : '▲ better'}</span>}
      <div class="preview">{preview(cells[0]?.error ?? cells[0]?.output ?? '')}</div>
    </td>
  );
}

function worst(cells: readonly ReportCellData[]): ReportCellData['state'] {
  return (['error', 'failed'] as const).find((state) => cells.some((cell) => cell.state === state)) ?? 'passed';
}

const MARKS = { passed: '✓ passed', failed: '✗ failed', error: '! error' };

function stateText(cells: readonly ReportCellData[]): string {
  if (cells.length === 1) return MARKS[worst(cells)];
  const passed = cells.filter(({ state }) => state === 'passed').length;
  return `${formatNumber(passed)} of ${formatNumber(cells.length)} passed`;
}

function scoreText(cells: readonly ReportCellData[]): string {
  const scores = cells.flatMap(({ score }) => score ?? []);
  if (scores.length === 0) return '';
  return ` ${formatScore(scores.reduce((sum, score) => sum + score, 0) / scores.length)}`;
}

function preview(text: string): string {
  const line = showControls(text.slice(0, 2 * PREVIEW_LENGTH)).replace(/\s+/g, ' ');
  return line.length > PREVIEW_LENGTH ? `${line.slice(0, PREVIEW_LENGTH)}…` : line;
}
