import type { CodeLanguage } from '../../../../src/protocol/compare.ts';
import type { MenuItem } from '../../../shared/controls/menu.tsx';
import type { CompareContext } from '../../context.ts';
import { isLive } from '../../derived.ts';
import { overridesText } from '../../parameter-draft.ts';
import type { Column, Run } from '../../state.ts';

export interface ColumnAction extends MenuItem {
  icon: string;
  /** The tooltip, if the label is not enough. */
  title?: string;
  /** Stays visible while the column runs. */
  urgent?: boolean;
}

interface Subject {
  column: Column;
  run: Run | undefined;
  /** Why nothing can run now. */
  blocked: string | undefined;
}

const LANGUAGES: [CodeLanguage, string][] = [
  ['curl', 'curl'],
  ['python', 'Python'],
  ['typescript', 'TypeScript'],
];

/** Runs the column, or stops it. */
export function runAction({ column, blocked }: Subject, call: CompareContext['call']): ColumnAction {
  const { id: columnId, runs } = column;
  if (runs.some(isLive)) {
    const onPick = () => call('run.stop', { columnId });
    return { label: 'Stop This Column', icon: 'debug-stop', urgent: true, onPick };
  }
  const label = runs.length > 0 ? 'Run This Column Again' : 'Run This Column';
  return {
    label,
    icon: runs.length > 0 ? 'debug-restart' : 'play',
    title: blocked ?? label,
    disabled: blocked !== undefined,
    onPick: () => call('run.start', { columnId }),
  };
}

export function copyColumnActions({ column: { id: columnId } }: Subject, call: CompareContext['call']): ColumnAction[] {
  return [
    { label: 'Duplicate This Column', icon: 'copy', onPick: () => call('column.duplicate', { columnId }) },
    { label: 'Remove This Column', icon: 'close', onPick: () => call('column.remove', { columnId }) },
  ];
}

/** A popup that the header of a column opens. */
export type ColumnPopup = 'version' | 'parameters' | 'note';

type Open = (what: ColumnPopup) => void;

/** Actions with a popup. `name` has the state, for the icon. */
export function popupActions({ version, parameters, promptCaching }: Column, open: Open) {
  const overridden = overridesText(parameters, promptCaching) !== '';
  return [
    {
      what: 'version' as const,
      label: 'Version…',
      name: `Version: ${version?.label ?? 'working copy'}. Change`,
      icon: 'versions',
      pressed: version !== undefined,
      separated: true,
      onPick: () => open('version'),
    },
    {
      what: 'parameters' as const,
      label: 'Parameters…',
      name: overridden ? 'Parameters of this column, modified' : 'Parameters of this column',
      icon: 'settings-gear',
      pressed: overridden,
      onPick: () => open('parameters'),
    },
  ];
}

export function noteAction({ note }: Run, open: Open): MenuItem {
  return { label: note === undefined ? 'Add Note…' : 'Edit Note…', icon: 'note', onPick: () => open('note') };
}

/** Actions on the data of a run: its answer with a note, its request as code, and the raw request and response. */
export function answerActions(
  { column, run }: Subject,
  call: CompareContext['call'],
  note: MenuItem | undefined,
): MenuItem[] {
  if (!run) return [];
  const { runId } = run;
  const raw = (what: 'request' | 'response') => call('run.openRaw', { runId, what });
  return [
    { label: 'Copy Answer', icon: 'clippy', separated: true, onPick: () => call('run.copy', { runId }) },
    ...(note ? [note] : []),
    { label: 'Add as Case…', icon: 'add', onPick: () => call('run.addCase', { runId }) },
    ...LANGUAGES.map(([language, name]) => ({
      label: `Copy as ${name}`,
      icon: 'code',
      onPick: () => call('run.copyCode', { columnId: column.id, language }),
    })),
    { label: 'Open Raw Request', icon: 'arrow-up', separated: true, onPick: () => raw('request') },
    { label: 'Open Raw Response', icon: 'arrow-down', onPick: () => raw('response') },
  ];
}
