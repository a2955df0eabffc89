import { useEffect, useMemo } from 'preact/hooks';
import type { ModelChoice } from '../../../../src/protocol/compare.ts';
import { formatPrices, formatTokens } from '../../../../src/shared/format.ts';
import { markSimulated } from '../../../../src/shared/simulated-cost.ts';
import { Icon, IconButton } from '../../../shared/controls/icon.tsx';
import { Popover } from '../../../shared/controls/popover.tsx';
import { useObservable } from '../../../shared/observable.ts';
import { Button, TextField } from '../../../ui.ts';
import { useCompare } from '../../context.ts';
import { filterModels } from '../../filter-models.ts';
import { CurrentMark, useAnnounced, usePicker } from './picker-rows.tsx';

/** The maximum number of rows. Typing filters the rest. */
const SHOWN = 80;

interface ModelPickerProps {
  anchor: HTMLElement | null;
  /** The model of the column. Left out for a new column. */
  current?: string;
  onClose: () => void;
  onPick: (ref: string) => void;
  onPickSeveral?: () => void;
}

/** All models of all connections, filtered by typing. Any `connection/model` may be entered, listed or not. */
export function ModelPicker({ anchor, current, onClose, onPick, onPickSeveral }: ModelPickerProps) {
  const { models, loadModels } = useCompare();
  const choices = useObservable(models, (list) => list);
  const { query, at, search, close, onKeyDown } = usePicker({ anchor, onClose });
  // a run since the list was loaded may have changed the state of a model
  useEffect(() => void loadModels(false), []);
  const found = useMemo(() => filterModels(choices ?? [], query), [choices, query]);
  const shown = found.slice(0, SHOWN);
  const active = shown[at];
  useAnnounced(choices && (active ? spokenModel(active, current, `${at + 1} of ${found.length}`) : NOTHING_FITS));
  const typed = query.includes('/') && !found.some((choice) => choice.ref === query.trim()) ? query.trim() : undefined;
  const pick = (ref: string | undefined) => {
    if (!ref) return;
    close();
    onPick(ref);
  };
  return (
    <Popover anchor={anchor} role="dialog" label="Select Model" class="model-picker" onClose={onClose}>
      <div class="picker-head">
        <TextField
          value={query}
          placeholder="Filter, or enter connection/model"
          aria-label="Filter models"
          onText={search}
          onKeyDown={(event) => onKeyDown(event, shown.length, () => pick(active?.ref ?? typed))}
        />
        <IconButton icon="refresh" label="Refresh Models" onClick={() => loadModels(true)} />
      </div>
      <div role="listbox" aria-label="Models" class="model-list" tabIndex={-1}>
        {shown.map((choice, index) => (
          <ModelRow
            key={choice.ref}
            choice={choice}
            active={index === at}
            current={choice.ref === current}
            onPick={pick}
          />
        ))}
      </div>
      <PickerFoot {...{ choices, found: found.length, typed, pick }} />
      {onPickSeveral && (
        <Button
          appearance="secondary"
          onClick={() => {
            onClose();
            onPickSeveral();
          }}
        >
          Select Several…
        </Button>
      )}
    </Popover>
  );
}

const NOTHING_FITS = 'No models match.';

function spokenModel({ ref, blocked, simulated }: ModelChoice, current: string | undefined, place: string): string {
  return [ref, simulated && 'demo', ref === current && 'current', blocked, place].filter(Boolean).join(', ');
}

interface PickerFootProps {
  choices: ModelChoice[] | undefined;
  found: number;
  typed: string | undefined;
  pick: (ref: string) => void;
}

function PickerFoot({ choices, found, typed, pick }: PickerFootProps) {
  if (!choices) {
    return (
      <div class="dim" role="status">
        <Icon name="loading" spin /> Loading models…
      </div>
    );
  }
  return (
    <>
      {typed && (
        <Button appearance="secondary" onClick={() => pick(typed)}>
          Use {typed}
        </Button>
      )}
      {found === 0 && !typed && <div class="dim">{NOTHING_FITS} Set up connections in the Models view.</div>}
      {found > SHOWN && <div class="dim">{found - SHOWN} more. Type to filter the list.</div>}
    </>
  );
}

interface ModelRowProps {
  choice: ModelChoice;
  active: boolean;
  current: boolean;
  onPick: (ref: string) => void;
}

function ModelRow({ choice, active, current, onPick }: ModelRowProps) {
  const scroll = (element: HTMLElement | null) => {
    if (active) element?.scrollIntoView({ block: 'nearest' });
  };
  const details = [
    choice.contextWindow !== undefined && `${formatTokens(choice.contextWindow)} context`,
    choice.prices && markSimulated(`${formatPrices(choice.prices)} per M`, choice.simulated),
    choice.sunsetDate && `retires ${choice.sunsetDate.slice(0, 10)}`,
  ].filter((detail) => typeof detail === 'string');
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above keeps the focus and handles the keys
    <div
      ref={scroll}
      role="option"
      class={`model-row${active ? ' active' : ''}`}
      tabIndex={-1}
      aria-selected={active}
      title={choice.label}
      onClick={() => onPick(choice.ref)}
    >
      <span class="model-ref">
        {choice.ref}
        {choice.simulated && <span class="tag demo">demo</span>}
        {current && <CurrentMark />}
      </span>
      <span class="dim">
        {details.join(' · ')}
        {choice.blocked && details.length > 0 && ' · '}
        {choice.blocked && <span class="blocked">{choice.blocked}</span>}
      </span>
    </div>
  );
}
