import { useMemo } from 'preact/hooks';
import { useCompareState } from '../context.ts';
import type { Column, CompareState, Run } from '../state.ts';
import type { AnswerTab } from '../ui-state.ts';

type AnswerFormat = 'text' | 'json';

/** The output format of the prompt: that of the column's version, or of the working text. */
function formatOf({ version }: Pick<Column, 'version'>, { prompt }: Pick<CompareState, 'prompt'>): AnswerFormat {
  return version?.outputFormat ?? prompt.outputFormat;
}

/** Determined once per run, before its first token, so that output or an edit of the prompt does not change the tab. */
export function useAnswerFormat(column: Column, run: Run | undefined): AnswerFormat {
  const format = useCompareState((state) => formatOf(column, state));
  return useMemo(() => format, [run?.runId]);
}

const LABELS: Record<AnswerTab, string> = { text: 'Text', markdown: 'Markdown', json: 'JSON', diff: 'Diff' };

/** The most readable format is first: Markdown for text, the tree for JSON. */
const ORDER: Record<AnswerFormat, readonly AnswerTab[]> = {
  text: ['markdown', 'text', 'json', 'diff'],
  json: ['json', 'text', 'markdown', 'diff'],
};

export function tabsOf(format: AnswerFormat, alone: boolean): { id: AnswerTab; label: string; disabled: boolean }[] {
  return ORDER[format].map((id) => ({ id, label: LABELS[id], disabled: id === 'diff' && alone }));
}

/** The selected tab if it is available, or else the first one. */
export function shownTab(chosen: AnswerTab | undefined, format: AnswerFormat, alone: boolean): AnswerTab {
  return chosen === undefined || (alone && chosen === 'diff') ? (ORDER[format][0] ?? 'text') : chosen;
}
