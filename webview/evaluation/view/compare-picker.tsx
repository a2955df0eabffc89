import { useEffect, useState } from 'preact/hooks';
import type { ResultChoice } from '../../../src/protocol/evaluation.ts';
import { formatBytes, formatCount, formatDate } from '../../../src/shared/format.ts';
import { Icon } from '../../shared/controls/icon.tsx';
import { Popover } from '../../shared/controls/popover.tsx';
import { useLoaded } from '../../shared/panel-context.ts';
import { useEvaluation } from '../context.ts';

interface ComparePickerProps {
  anchor: HTMLElement | null;
  onClose: () => void;
}

/** The stored results, to compare with one of them. */
export function ComparePicker({ anchor, onClose }: ComparePickerProps) {
  const { call, state, setAgainst } = useEvaluation();
  const against = useLoaded(state, (now) => now.against?.id);
  const hasOwn = useLoaded(state, ({ result }) =>
    result.columns.some(({ baselineColumn }) => baselineColumn !== undefined),
  );
  /** Undefined while they are read. */
  const [results, setResults] = useState<ResultChoice[] | undefined>(undefined);
  useEffect(() => {
    void call('results.list', undefined).then((answer) => setResults(answer?.value ?? []));
  }, []);
  const pick = (id: string | undefined) => {
    onClose();
    anchor?.focus();
    void setAgainst(id);
  };
  return (
    <Popover anchor={anchor} role="dialog" label="Compare with a Stored Result" class="result-picker" onClose={onClose}>
      <button type="button" class="result-choice" aria-pressed={against === undefined} onClick={() => pick(undefined)}>
        {hasOwn ? 'Baseline of this evaluation' : 'No stored result'}
      </button>
      {results === undefined && <p class="dim">Reading the results…</p>}
      {results?.length === 0 && <p class="dim">There is no other result.</p>}
      {results?.map((result) => (
        <Choice key={result.id} result={result} isPicked={result.id === against} onPick={() => pick(result.id)} />
      ))}
    </Popover>
  );
}

interface ChoiceProps {
  result: ResultChoice;
  isPicked: boolean;
  onPick: () => void;
}

function Choice({ result: { name, startedAt, isPinned, bytes, cases, columns }, isPicked, onPick }: ChoiceProps) {
  const size = bytes === undefined ? '' : `, ${formatBytes(bytes)}`;
  return (
    <button type="button" class="result-choice" aria-pressed={isPicked} title={columns.join('\n')} onClick={onPick}>
      {isPinned && <Icon name="pinned" />}
      <span class="truncated">{name}</span>
      <span class="dim">
        {formatDate(startedAt)}, {formatCount(cases, 'case')}
        {size}
      </span>
    </button>
  );
}
