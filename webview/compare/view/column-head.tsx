import { useRef, useState } from 'preact/hooks';
import { Icon, IconButton } from '../../shared/icon.tsx';
import { useCompare, useModelChoice } from '../context.ts';
import { overridesText } from '../parameter-draft.ts';
import type { Column } from '../state.ts';
import { ColumnVersionRow, VersionButton } from './column-version.tsx';
import { ModelPicker } from './model-picker.tsx';
import { ParameterEditor } from './parameter-editor.tsx';

/** Which model, with which parameters of its own, on which version of the prompt. */
export function ColumnHead({ column }: { column: Column }) {
  const { call } = useCompare();
  const { id: columnId } = column;
  const overrides = overridesText(column.parameters, column.promptCaching);
  return (
    <div class="column-head">
      <div class="head-row">
        <ModelButton column={column} />
        <div class="head-actions">
          <VersionButton column={column} />
          <ParametersButton column={column} overridden={overrides !== ''} />
          <IconButton
            icon="copy"
            label="Duplicate this column"
            onClick={() => call('column.duplicate', { columnId })}
          />
          <IconButton icon="close" label="Remove this column" onClick={() => call('column.remove', { columnId })} />
        </div>
      </div>
      <ColumnVersionRow column={column} />
    </div>
  );
}

export function isDemo(model: string): boolean {
  return model.startsWith('demo/');
}

function ModelButton({ column }: { column: Column }) {
  const { call } = useCompare();
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const choice = useModelChoice(column.model);
  const slash = column.model.indexOf('/');
  const title = [column.model, choice?.blocked, choice?.sunsetDate && `Ends on ${choice.sunsetDate.slice(0, 10)}`];
  return (
    <>
      <button
        ref={anchor}
        type="button"
        class="model-button"
        title={title.filter(Boolean).join('\n')}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={`Model ${column.model}. Change`}
        onClick={() => setOpen(!open)}
      >
        <bdi>
          <span class="dim">{column.model.slice(0, slash + 1)}</span>
          <b>{column.model.slice(slash + 1)}</b>
        </bdi>
        <Icon name="chevron-down" />
      </button>
      {open && (
        <ModelPicker
          anchor={anchor.current}
          current={column.model}
          onClose={() => setOpen(false)}
          onPick={(model) => call('column.set', { columnId: column.id, model })}
        />
      )}
    </>
  );
}

function ParametersButton({ column, overridden }: { column: Column; overridden: boolean }) {
  const { models, loadModels } = useCompare();
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLElement>(null);
  const toggle = () => {
    if (!models.get()) void loadModels(false);
    setOpen(!open);
  };
  return (
    <>
      <IconButton
        icon="settings-gear"
        label={overridden ? 'Parameters of this column, changed' : 'Parameters of this column'}
        pressed={overridden}
        popup="dialog"
        expanded={open}
        elementRef={anchor}
        onClick={toggle}
      />
      {open && <ParameterEditor column={column} anchor={anchor.current} onClose={() => setOpen(false)} />}
    </>
  );
}
