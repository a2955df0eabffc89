import { useEffect, useRef, useState } from 'preact/hooks';
import type { ModelChoiceCapabilities, Parameters } from '../../../../src/protocol/compare.ts';
import { Popover } from '../../../shared/controls/popover.tsx';
import { Dropdown } from '../../../shared/dropdown/dropdown.tsx';
import { BEFORE_RUN } from '../../../shared/frame/run-key.ts';
import { useAnnouncedProblem } from '../../../shared/use-announced-problem.ts';
import { Button, Checkbox, TextArea, TextField } from '../../../ui.ts';
import { useCompare, useCompareState, useModelChoice } from '../../context.ts';
import { columnName } from '../../describe-column.ts';
import {
  NUMBER_PARAMETERS,
  numberProblem,
  REASONING_EFFORTS,
  stopSequencesOf,
  stopSequencesText,
  unsupportedReason,
  withParameter,
} from '../../parameter-draft.ts';
import type { Column } from '../../state.ts';

const PAUSE_MS = 400;

interface ParameterEditorProps {
  column: Column;
  anchor: HTMLElement | null;
  onClose: () => void;
}

/** The parameters of the column, which override those of the file. Unsupported ones are disabled, with the reason. */
export function ParameterEditor({ column, anchor, onClose }: ParameterEditorProps) {
  const { call } = useCompare();
  const fromFile = useCompareState((state) => column.version?.parameters ?? state.prompt.parameters);
  const capabilities = useModelChoice(column.model)?.capabilities;
  const [parameters, change] = useParameters(column);
  const reset = () => {
    change({});
    void call('column.set', { columnId: column.id, promptCaching: false });
  };
  return (
    <Popover
      anchor={anchor}
      role="dialog"
      label={`Parameters of ${columnName(column)}`}
      class="parameter-editor"
      onClose={onClose}
    >
      {NUMBER_PARAMETERS.map((parameter) => (
        <NumberField key={parameter.name} {...{ parameter, parameters, fromFile, capabilities, change }} />
      ))}
      <StopField {...{ parameters, fromFile, change }} />
      <EffortField {...{ parameters, fromFile, capabilities, change }} />
      <CachingField {...{ column, capabilities }} />
      <div class="editor-footer">
        <Button appearance="secondary" onClick={reset}>
          Use Values From File
        </Button>
        <Button appearance="secondary" onClick={onClose}>
          Close
        </Button>
      </div>
    </Popover>
  );
}

/** Typed values are sent after a pause, or at the latest when the editor closes. */
function useParameters(column: Column): [Parameters, (next: Parameters) => void] {
  const { call } = useCompare();
  const [parameters, setParameters] = useState(column.parameters);
  const unsent = useRef<{ next: Parameters; timer: ReturnType<typeof setTimeout> } | undefined>(undefined);
  const send = () => {
    if (!unsent.current) return;
    clearTimeout(unsent.current.timer);
    void call('column.set', { columnId: column.id, parameters: unsent.current.next });
    unsent.current = undefined;
  };
  useEffect(() => {
    document.addEventListener(BEFORE_RUN, send);
    return () => {
      document.removeEventListener(BEFORE_RUN, send);
      send();
    };
  }, []);
  const change = (next: Parameters) => {
    setParameters(next);
    clearTimeout(unsent.current?.timer);
    unsent.current = { next, timer: setTimeout(send, PAUSE_MS) };
  };
  return [parameters, change];
}

interface FieldProps {
  parameters: Parameters;
  fromFile: Parameters;
  change: (next: Parameters) => void;
  capabilities?: ModelChoiceCapabilities | undefined;
}

const describeFileValue = (value: unknown): string =>
  value === undefined ? 'not set' : `file: ${JSON.stringify(value)}`;

interface NumberFieldProps extends FieldProps {
  parameter: (typeof NUMBER_PARAMETERS)[number];
}

function NumberField({ parameter, parameters, fromFile, capabilities, change }: NumberFieldProps) {
  const { name, label } = parameter;
  const [text, setText] = useState(parameters[name]?.toString() ?? '');
  const refused = unsupportedReason(name, capabilities);
  const problem = numberProblem(parameter, text, capabilities);
  const onText = (next: string) => {
    setText(next);
    if (numberProblem(parameter, next, capabilities)) return;
    change(withParameter(parameters, name, next.trim() === '' ? undefined : Number(next)));
  };
  const field = useRef<HTMLDivElement>(null);
  useAnnouncedProblem(field, problem);
  // A reset clears the field, but not invalid text that is being typed.
  useEffect(() => {
    if (parameters[name] === undefined && !problem) setText('');
  }, [parameters[name]]);
  return (
    <div ref={field} class={problem ? 'field invalid' : 'field'}>
      <TextField
        value={text}
        aria-label={[label, refused, problem].filter(Boolean).join('. ')}
        aria-invalid={problem !== undefined}
        disabled={refused !== undefined}
        placeholder={describeFileValue(fromFile[name])}
        inputMode="decimal"
        onText={onText}
      >
        {label}
      </TextField>
      {refused && <div class="description">{refused}</div>}
      {problem && <div class="problem">{problem}</div>}
    </div>
  );
}

function StopField({ parameters, fromFile, change }: FieldProps) {
  const [text, setText] = useState(stopSequencesText(parameters.stopSequences));
  const onText = (next: string) => {
    setText(next);
    change(withParameter(parameters, 'stopSequences', stopSequencesOf(next)));
  };
  return (
    <TextArea
      value={text}
      rows={1}
      class="code"
      placeholder={describeFileValue(fromFile.stopSequences)}
      onText={onText}
    >
      Stop sequences, one per line
    </TextArea>
  );
}

function CachingField({ column, capabilities }: Pick<FieldProps, 'capabilities'> & { column: Column }) {
  const { call } = useCompare();
  const refused = unsupportedReason('promptCaching', capabilities);
  return (
    <div class="field">
      <Checkbox
        checked={column.promptCaching}
        disabled={refused !== undefined}
        onChecked={(promptCaching) => call('column.set', { columnId: column.id, promptCaching })}
      >
        Prompt caching
      </Checkbox>
      {refused && <div class="description">{refused}</div>}
    </div>
  );
}

function EffortField({ parameters, fromFile, capabilities, change }: FieldProps) {
  const refused = unsupportedReason('reasoningEffort', capabilities);
  const known = REASONING_EFFORTS.filter((effort) => capabilities?.reasoningEfforts?.includes(effort) ?? true);
  const options = known.map((effort) => ({ value: effort, label: effort }));
  return (
    <div class="field">
      <label for="reasoning-effort">Reasoning effort</label>
      <Dropdown
        id="reasoning-effort"
        aria-label={refused ? `Reasoning effort. ${refused}` : 'Reasoning effort'}
        value={parameters.reasoningEffort ?? ''}
        disabled={refused !== undefined}
        options={[{ value: '', label: describeFileValue(fromFile.reasoningEffort) }, ...options]}
        onValue={(value) => {
          const effort = REASONING_EFFORTS.find((other) => other === value);
          change(withParameter(parameters, 'reasoningEffort', effort));
        }}
      />
      {refused && <div class="description">{refused}</div>}
    </div>
  );
}
