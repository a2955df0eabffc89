import type { ComponentChildren } from 'preact';
import type { CompareMethods } from '../../../src/protocol/compare.ts';
import { Icon } from '../controls/icon.tsx';
import type { InputFieldsProps } from '../inputs/input-fields.tsx';
import type { Observable } from '../observable.ts';
import type { FormState } from './form-state.ts';

export interface FormProps extends InputFieldsProps {
  state: Observable<FormState>;
  /** The controls for the dataset row in the form, next to the buttons that fill it. */
  row?: ComponentChildren;
  onFile: () => void;
  onDataset: () => void;
  /** Runs the prompt on every row of a dataset; undefined if this panel does not run prompts. */
  onRunDataset?: () => void;
  onRemember: (change: CompareMethods['form.set']['params']) => void;
  children?: ComponentChildren;
}

/** Buttons that fill the form. Not shown if there are no inputs. */
export function FillButtons({ fields, row, onDataset, onFile, onRunDataset }: FormProps) {
  if (fields.length === 0) return null;
  return (
    <>
      {row}
      <ToolButton
        icon="table"
        label="From Dataset…"
        title="Fill the inputs from a row of a dataset"
        onClick={onDataset}
      />
      <ToolButton icon="json" label="From File…" title="Fill the inputs from a JSON file" onClick={onFile} />
      {onRunDataset && (
        <ToolButton
          icon="beaker"
          label="Run on Dataset…"
          title="Run the prompt on every row of a dataset"
          onClick={onRunDataset}
        />
      )}
    </>
  );
}

interface ToolButtonProps {
  icon: string;
  label: string;
  title: string;
  onClick: () => void;
}

/** A subtle button in a bar. If there is little room, only the icon is shown. */
export function ToolButton({ icon, label, title, onClick }: ToolButtonProps) {
  return (
    <button type="button" class="tool-button" aria-label={label} title={title} onClick={onClick}>
      <Icon name={icon} />
      <span class="tool-label">{label}</span>
    </button>
  );
}
