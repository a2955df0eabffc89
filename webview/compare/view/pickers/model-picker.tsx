import type { ComponentChildren } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { ModelChoice } from '../../../../src/protocol/compare.ts';
import { formatPrices, formatTokens } from '../../../../src/shared/format.ts';
import { markSimulated } from '../../../../src/shared/simulated-cost.ts';
import { IconButton } from '../../../shared/controls/icon.tsx';
import { useObservable } from '../../../shared/observable.ts';
import { Button } from '../../../ui.ts';
import { useCompare } from '../../context.ts';
import { Picker } from './picker.tsx';

interface ModelPickerProps {
  anchor: HTMLElement | null;
  /** The model of the column. Left out for a new column. */
  current?: string;
  onClose: () => void;
  onPick: (ref: string) => void;
  onPickSeveral?: () => void;
}

/** All models of all connections, those that can run now first. Any `connection/model` may be entered, listed or not. */
export function ModelPicker({ current, onPickSeveral, ...props }: ModelPickerProps) {
  const { models, loadModels } = useCompare();
  const list = useObservable(models, (now) => now);
  // a run since the list was loaded may have changed the state of a model
  useEffect(() => void loadModels(false), []);
  const choices = useMemo(() => [...(list ?? [])].sort((a, b) => Number(!!a.blocked) - Number(!!b.blocked)), [list]);
  return (
    <Picker<string, ModelChoice>
      {...props}
      what="Model"
      class="model-picker"
      placeholder="Filter, or enter connection/model"
      choices={choices}
      isLoading={!list}
      isCurrent={({ ref }) => ref === current}
      textOf={({ ref, label }) => `${ref} ${label}`}
      titleOf={({ label }) => label}
      spokenOf={({ ref, simulated, blocked }) => [ref, simulated && 'demo', blocked]}
      rowOf={(choice, mark) => <RowContent choice={choice} mark={mark} />}
      typedRef={(query) => (query.includes('/') ? query : undefined)}
      aside={<IconButton icon="refresh" label="Refresh Models" onClick={() => loadModels(true)} />}
      none="No models match. Set up connections in the Models view."
    >
      {onPickSeveral && (
        <Button
          appearance="secondary"
          onClick={() => {
            props.onClose();
            onPickSeveral();
          }}
        >
          Select Several…
        </Button>
      )}
    </Picker>
  );
}

function RowContent({ choice, mark }: { choice: ModelChoice; mark: ComponentChildren }) {
  return (
    <>
      <span class="model-ref">
        {choice.ref}
        {choice.simulated && <span class="tag demo">demo</span>}
        {mark}
      </span>
      <Details choice={choice} />
    </>
  );
}

function Details({ choice: { contextWindow, prices, simulated, sunsetDate, blocked } }: { choice: ModelChoice }) {
  const details = [
    contextWindow !== undefined && `${formatTokens(contextWindow)} context`,
    prices && markSimulated(`${formatPrices(prices)} per M`, simulated),
    sunsetDate && `retires ${sunsetDate.slice(0, 10)}`,
  ].filter(Boolean);
  return (
    <span class="dim">
      {details.join(' · ')}
      {blocked && details.length > 0 && ' · '}
      {blocked && <span class="blocked">{blocked}</span>}
    </span>
  );
}
