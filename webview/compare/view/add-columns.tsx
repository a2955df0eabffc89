import { useRef, useState } from 'preact/hooks';
import { Icon } from '../../shared/icon.tsx';
import { Button } from '../../ui.ts';
import { useCompare } from '../context.ts';
import { ModelPicker } from './model-picker.tsx';
import { VersionPicker } from './version-picker.tsx';

/** A column of another model. */
export function AddModel({ label, primary }: { label: string; primary?: boolean }) {
  const { call } = useCompare();
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLElement>(null);
  return (
    <>
      <Button
        appearance={primary ? 'primary' : 'secondary'}
        elementRef={anchor}
        title="Add a model to compare"
        aria-label="Add a model"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="add" slot="start" />
        {label}
      </Button>
      {open && (
        <ModelPicker
          anchor={anchor.current}
          current={undefined}
          onClose={() => setOpen(false)}
          onPick={(model) => call('column.add', { model })}
          onPickSeveral={() => call('column.pick', undefined)}
        />
      )}
    </>
  );
}

/** Another version of the prompt, on the model of the last column: what an edit changed shows in the answers. */
export function AddVersion() {
  const { call } = useCompare();
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLElement>(null);
  return (
    <>
      <Button
        appearance="secondary"
        elementRef={anchor}
        title="Add another version of this prompt to compare"
        aria-label="Add a version"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="add" slot="start" />
        Version
      </Button>
      {open && (
        <VersionPicker
          anchor={anchor.current}
          current={undefined}
          onClose={() => setOpen(false)}
          onPick={(version) => call('column.add', version === null ? {} : { version })}
        />
      )}
    </>
  );
}
