import type { ComponentChildren } from 'preact';
import type { CompareMethods } from '../../../src/protocol/compare.ts';
import { Icon } from '../controls/icon.tsx';
import type { InputFieldsProps } from '../inputs/input-fields.tsx';
import type { Observable } from '../observable.ts';
import type { FormLook } from './form-look.ts';

export interface FormProps extends InputFieldsProps {
  look: Observable<FormLook>;
  /** Which row of a dataset fills the form, beside the buttons that fill it. */
  row?: ComponentChildren;
  onFile: () => void;
  onDataset: () => void;
  onRemember: (change: CompareMethods['form.set']['params']) => void;
  children?: ComponentChildren;
}

/** Where values come from; without inputs there is nothing to fill. */
export function FillButtons({ fields, row, onDataset, onFile }: FormProps) {
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
    </>
  );
}

interface ToolButtonProps {
  icon: string;
  label: string;
  title: string;
  onClick: () => void;
}

/** A quiet button of a bar; where there is little room its words give way to the icon. */
export function ToolButton({ icon, label, title, onClick }: ToolButtonProps) {
  return (
    <button type="button" class="tool-button" aria-label={label} title={title} onClick={onClick}>
      <Icon name={icon} />
      <span class="tool-words">{label}</span>
    </button>
  );
}
