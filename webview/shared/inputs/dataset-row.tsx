import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { DatasetView } from '../../../src/protocol/compare.ts';
import { formatNumber } from '../../../src/shared/format.ts';
import { Icon } from '../controls/icon.tsx';
import { announce } from '../frame/live-region.ts';

interface DatasetRowProps {
  dataset: DatasetView;
  onStep: (by: 1 | -1) => void;
  onRow: (row: number) => void;
}

/** The dataset row in the form, and controls to change it: `‹ row 2 of 12 ›`. */
export function DatasetRow({ dataset, onStep, onRow }: DatasetRowProps) {
  const { name, path, row, count } = dataset;
  const before = useRef(row);
  useEffect(() => {
    if (before.current !== row) announce(`Row ${row}${count === undefined ? '' : ` of ${count}`}`);
    before.current = row;
  }, [row]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in the line of a bar
    <span class="dataset-row" role="group" aria-label={`Row of ${name}`} title={path}>
      <Step icon="chevron-left" label="Previous Row" keys="Alt+PageUp" ended={row <= 1} onStep={() => onStep(-1)} />
      <span class="dataset-word">row</span>
      <RowNumber row={row} count={count} onRow={onRow} />
      {count !== undefined && <span>of {formatNumber(count)}</span>}
      <Step icon="chevron-right" label="Next Row" keys="Alt+PageDown" ended={row === count} onStep={() => onStep(1)} />
    </span>
  );
}

interface StepProps {
  icon: string;
  label: string;
  keys: string;
  ended: boolean;
  onStep: () => void;
}

/** At the end it stays focusable, but does nothing. */
function Step({ icon, label, keys, ended, onStep }: StepProps) {
  return (
    <button
      type="button"
      class="tool-button"
      aria-label={label}
      aria-disabled={ended}
      title={ended ? `No ${label.toLowerCase()}` : `${label} (${keys})`}
      onClick={() => !ended && onStep()}
    >
      <Icon name={icon} />
    </button>
  );
}

function RowNumber({ row, count, onRow }: { row: number; count: number | undefined; onRow: (row: number) => void }) {
  const [text, setText] = useState(String(row));
  // Updated together with the row, so that text typed right after is kept.
  useLayoutEffect(() => setText(String(row)), [row]);
  const go = () => {
    const next = Number(text);
    if (Number.isSafeInteger(next) && next >= 1 && next !== row) onRow(next);
    else setText(String(row));
  };
  const digits = String(Math.max(row, count ?? 0)).length;
  return (
    <input
      class="dataset-number"
      inputMode="numeric"
      aria-label={count === undefined ? 'Row' : `Row, 1 to ${count}`}
      value={text}
      style={{ width: `${Math.max(2, digits, text.length) + 1}ch` }}
      onInput={(event) => setText(event.currentTarget.value)}
      onBlur={() => setText(String(row))}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setText(String(row));
        else if (event.key !== 'Enter') return;
        else go();
        event.preventDefault();
        event.stopPropagation();
      }}
      onFocus={(event) => event.currentTarget.select()}
    />
  );
}

/** The step for Alt+PageDown and Alt+PageUp, anywhere in the panel. */
export function datasetStep({ key, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): 1 | -1 | undefined {
  if (!altKey || ctrlKey || metaKey || shiftKey) return undefined;
  return key === 'PageDown' ? 1 : key === 'PageUp' ? -1 : undefined;
}
