import type { Ref } from 'preact';
import { Icon } from '../controls/icon.tsx';
import { problemsOf } from '../inputs/input-draft.ts';
import { FillButtons, type FormProps, ToolButton } from './form-actions.tsx';
import { inputValues, shortValue } from './input-values.ts';

interface FormStripProps extends FormProps {
  paneRef: Ref<HTMLElement>;
  onUnfold: (focus: 'toggle' | 'field') => void;
}

/** The collapsed form: its values on one line. */
export function FormStrip(props: FormStripProps) {
  const { fields, input, problems, gentle = false, paneRef, onUnfold } = props;
  const values = inputValues(fields, input);
  // A missing value is only an error after a run was rejected because of it.
  const shown = gentle ? problems.filter(({ message }) => message !== 'is missing') : problems;
  const wrong = fields.some((field) => problemsOf(field, undefined, shown).length > 0);
  return (
    <aside ref={paneRef} id="inputs" class="strip" data-region="inputs" aria-label="Inputs">
      <button
        type="button"
        class="form-toggle strip-values"
        aria-expanded={false}
        title={values.map(({ name, text = '—' }) => `${name}: ${text}`).join('\n')}
        onClick={() => onUnfold('toggle')}
      >
        <Icon name="chevron-right" />
        <span class="visually-hidden">{wrong ? 'Inputs, some are invalid: ' : 'Inputs: '}</span>
        {wrong && <Icon name="error" />}
        <span class="truncated">
          {values.map(shortValue).join(' · ') || (fields.length === 0 ? 'no inputs' : 'no values')}
        </span>
      </button>
      <FillButtons {...props} />
      <ToolButton icon="edit" label="Edit" title="Edit the inputs" onClick={() => onUnfold('field')} />
    </aside>
  );
}
