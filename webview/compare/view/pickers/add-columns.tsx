import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Icon } from '../../../shared/controls/icon.tsx';
import { Button } from '../../../ui.ts';
import { useCompare } from '../../context.ts';
import { ModelPicker } from './model-picker.tsx';
import { VersionPicker } from './version-picker.tsx';

interface PickerPlace {
  anchor: HTMLElement | null;
  onClose: () => void;
}

interface AddButtonProps {
  label: string;
  /** The name for screen readers: `Add Model`. */
  name: string;
  title: string;
  primary?: boolean;
  /** The picker below the button while it is open. */
  picker: (place: PickerPlace) => ComponentChildren;
}

function AddButton({ label, name, title, primary, picker }: AddButtonProps) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLElement>(null);
  return (
    <>
      <Button
        appearance={primary ? 'primary' : 'secondary'}
        elementRef={anchor}
        title={title}
        aria-label={name}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="add" slot="start" />
        {label}
      </Button>
      {open && picker({ anchor: anchor.current, onClose: () => setOpen(false) })}
    </>
  );
}

/** Adds a column with another model. */
export function AddModel({ label, primary = false }: { label: string; primary?: boolean }) {
  const { call } = useCompare();
  return (
    <AddButton
      label={label}
      name="Add Model"
      title="Add a model to the comparison"
      primary={primary}
      picker={(place) => (
        <ModelPicker
          {...place}
          onPick={(model) => call('column.add', { model })}
          onPickSeveral={() => call('column.pick', undefined)}
        />
      )}
    />
  );
}

/** Adds a column with another version of the prompt, on the model of the last column, to show the effect of an edit. */
export function AddVersion() {
  const { call } = useCompare();
  return (
    <AddButton
      label="Version"
      name="Add Version"
      title="Add another version of this prompt to the comparison"
      picker={(place) => (
        <VersionPicker {...place} onPick={(version) => call('column.add', version === null ? {} : { version })} />
      )}
    />
  );
}
