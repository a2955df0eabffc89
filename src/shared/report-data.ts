import type { MetricUnit } from './metric-value.ts';

// The data inside an HTML report, from core to the script of its page.

export interface ReportColumnData {
  title: string;
  isBaseline: boolean;
  /** The index of the column with its baseline; undefined without one in this result. */
  baseline?: number | undefined;
}

export interface ReportMetricData extends MetricUnit {
  name: string;
}

export interface ReportHead {
  columns: ReportColumnData[];
  metrics: ReportMetricData[];
  repeats: number;
  /** The number of cases in the file. */
  cases: number;
}

/** An answer with its scores, with short names because there may be 100,000. Undefined is unknown. */
export interface ReportCellData {
  column: number;
  repeat: number;
  state: 'passed' | 'failed' | 'error';
  score?: number | undefined;
  output: string;
  /** Value, passed and reason of each metric. */
  scores: [value: number | null, passed: boolean | null, reason: string | null][];
  /** Tokens, cost and latency as text. */
  figures: string;
  error?: string | undefined;
}

export interface ReportCaseData {
  id: string;
  /** Name and text. */
  inputs: [string, string][];
  expected: string[];
  contexts: string[];
  tags: string[];
  cells: ReportCellData[];
  /** Answers of a stored baseline to this case, by the columns of this result. */
  base: ReportCellData[];
}
