import { useRef } from 'preact/hooks';
import type { InputField, InputProblem } from '../../../src/protocol/compare.ts';
import { Checkbox, TextArea, TextField } from '../../ui.ts';
import { Dropdown } from '../dropdown/dropdown.tsx';
import { useAnnouncedProblem } from '../use-announced-problem.ts';
import { exampleText } from './example-text.ts';
import { problemsOf } from './input-draft.ts';

interface InputControlProps {
  field: InputField;
  value: string | boolean | undefined;
  problems: InputProblem[];
  /** True if a missing value is not an error, because the user has not typed yet. */
  gentle?: boolean;
  onValue: (value: string | boolean) => void;
}

/** One input with its name, type, description and problems. */
export function InputControl({ field, value, problems, gentle, onValue }: InputControlProps) {
  const all = problemsOf(field, value, problems);
  const isNeeded = gentle === true && all.length === 1 && all[0] === 'is missing';
  const shown = isNeeded ? [] : all;
  const label = `${field.name}${field.required ? ', required' : ''}`;
  const element = useRef<HTMLDivElement>(null);
  useAnnouncedProblem(element, shown.length > 0 ? shown.join('. ') : undefined);
  // A reference by ID would not reach the control in its shadow root.
  const named = {
    'data-key': field.name,
    'aria-label': [label, isNeeded ? 'Value required' : undefined, field.description, ...shown]
      .filter(Boolean)
      .join('. '),
    'aria-invalid': shown.length > 0,
  };
  return (
    <div ref={element} class={`field field-${field.type}${shown.length > 0 ? ' invalid' : ''}`}>
      <div class="field-name">
        <span>
          {field.name}
          {field.required && (
            <span class="required" title="Required">
              {'\u00a0*'}
            </span>
          )}
        </span>
        <span class="dim">{TYPE_LABELS[field.type]}</span>
      </div>
      <Control field={field} value={value} onValue={onValue} named={named} />
      {field.description && <div class="description">{field.description}</div>}
      {isNeeded && <div class="description needed">Value required</div>}
      {shown.map((problem) => (
        <div key={problem} class="problem">
          {problem}
        </div>
      ))}
    </div>
  );
}

const TYPE_LABELS: Record<InputField['type'], string> = {
  string: '',
  number: 'number',
  integer: 'integer',
  boolean: '',
  enum: '',
  json: 'JSON',
  media: 'file or URL',
};

interface ControlProps extends Omit<InputControlProps, 'problems' | 'gentle'> {
  named: { 'aria-label': string; 'aria-invalid': boolean; 'data-key': string };
}

function Control({ field, value, onValue, named }: ControlProps) {
  const text = typeof value === 'string' ? value : value === undefined ? '' : String(value);
  const example = field.default === undefined ? shapeOf(field) : `default: ${shortly(field.default)}`;
  switch (field.type) {
    case 'boolean':
      return <BooleanControl {...{ field, value, onValue, named }} />;
    case 'enum':
      return <EnumControl field={field} text={text} onValue={onValue} named={named} />;
    case 'number':
    case 'integer':
      return (
        <TextField {...named} value={text} inputMode="decimal" placeholder={example} onText={onValue} class="number" />
      );
    case 'media':
      return <TextField {...named} value={text} placeholder="images/photo.png or https://…" onText={onValue} />;
    case 'json':
      return <TextArea {...named} class="code" value={text} rows={3} placeholder={example} onText={onValue} />;
    default:
      return <TextArea {...named} value={text} rows={1} placeholder={example} onText={onValue} />;
  }
}

/** Not set is neither yes nor no. A boolean without a default has three states until a value is selected. */
function BooleanControl({ field, value, onValue, named }: ControlProps) {
  if (typeof field.default === 'boolean' || typeof value === 'boolean') {
    const checked =
      typeof value === 'boolean' ? value : value === undefined ? field.default === true : value === 'true';
    return (
      <Checkbox {...named} checked={checked} onChecked={onValue}>
        {checked ? 'yes' : 'no'}
      </Checkbox>
    );
  }
  const options = [UNSET, { value: 'true', label: 'yes' }, { value: 'false', label: 'no' }];
  return <Dropdown {...named} value={String(value ?? '')} options={options} onValue={onValue} />;
}

const UNSET = { value: '', label: '(not set)' };

function EnumControl({ field, text, onValue, named }: Omit<ControlProps, 'value'> & { text: string }) {
  const known = field.options ?? [];
  const options = known.map((option) => ({ value: option, label: option }));
  // A value that is not an option (from a dataset) is shown unchanged, with its problem.
  const extra = text !== '' && !known.includes(text) ? [{ value: text, label: text }] : [];
  const unset = field.required && text !== '' ? [] : [UNSET];
  return <Dropdown {...named} value={text} options={[...unset, ...extra, ...options]} onValue={onValue} />;
}

/** An example for lists and objects, because an empty field does not show their format. */
function shapeOf({ type, schema }: InputField): string {
  return type === 'json' ? (exampleText(schema) ?? '') : '';
}

function shortly(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
