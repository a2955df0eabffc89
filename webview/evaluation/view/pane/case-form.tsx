import { useState } from 'preact/hooks';
import type { CaseView } from '../../../../src/protocol/evaluation.ts';
import { announce } from '../../../shared/frame/live-region.ts';
import { ownEnter } from '../../../shared/frame/run-key.ts';
import { Button, TextArea, TextField } from '../../../ui.ts';
import { draftProblem, toChanges, toDraft } from '../../case-draft.ts';
import { useEvaluation } from '../../context.ts';

interface CaseFormProps {
  shown: CaseView;
  onClose: () => void;
}

/** Inputs, expected values and tags as text. Saving changes the row in its document, where it can be undone. */
export function CaseForm({ shown: { place, case: found, editing }, onClose }: CaseFormProps) {
  const { call } = useEvaluation();
  const [draft, setDraft] = useState(() => toDraft(found));
  const [edited, setEdited] = useState<{ isAutoSaved: boolean }>();
  const changes = toChanges(draft, found);
  const save = async () => {
    if (!changes) return;
    const reply = await call('case.edit', { place, changes });
    if (!reply) return;
    setEdited(reply.value);
    announce('The row was changed');
  };
  const file = 'file' in editing ? editing.file : 'its file';
  if (edited) return <Edited {...{ ...edited, file, place, onClose }} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter of the fields saves, as the button does
    <div class="case-form" data-own-enter onKeyDown={ownEnter(() => void save())}>
      {Object.entries(draft.inputs).map(([name, text]) => (
        <ValueField
          key={name}
          label={name}
          text={text}
          problem={draftProblem(text, found.inputs[name])}
          onText={(next) => setDraft((now) => ({ ...now, inputs: { ...now.inputs, [name]: next } }))}
        />
      ))}
      {draft.expected.map((text, index) => (
        <ValueField
          key={`expected-${index}`}
          label={draft.expected.length > 1 ? `Expected ${index + 1}` : 'Expected'}
          text={text}
          problem={draftProblem(text, found.expected[index])}
          onText={(next) => setDraft((now) => ({ ...now, expected: now.expected.with(index, next) }))}
        />
      ))}
      <TextField
        value={draft.tags}
        onText={(tags) => setDraft((now) => ({ ...now, tags }))}
        placeholder="Separated by commas"
      >
        Tags
      </TextField>
      <div class="editor-footer">
        <Button disabled={!changes} onClick={() => void save()}>
          Change Row in {baseName(file)}
        </Button>
        <Button appearance="secondary" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </div>
  );
}

interface ValueFieldProps {
  label: string;
  text: string;
  problem: string | undefined;
  onText: (text: string) => void;
}

function ValueField({ label, text, problem, onText }: ValueFieldProps) {
  return (
    <div class={problem ? 'field invalid' : 'field'}>
      <TextArea value={text} onText={onText} class="code" data-own-enter aria-invalid={problem !== undefined}>
        {label}
      </TextArea>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

const baseName = (file: string) => file.split(/[\\/]/).at(-1);

interface EditedProps {
  isAutoSaved: boolean;
  file: string;
  place: number;
  onClose: () => void;
}

/** This result keeps the case as it was: what is next is to run it again. */
function Edited({ isAutoSaved, file, place, onClose }: EditedProps) {
  const { call } = useEvaluation();
  return (
    <div class="case-form" role="status">
      <p>
        {isAutoSaved
          ? `The row was changed in ${file}, which is saved automatically. Show the row to undo the change there, or run the evaluation again.`
          : `The row was changed in ${file}, which is not saved yet. Show the row to undo the change there, or save the file and run the evaluation again.`}{' '}
        This result keeps the case as it was.
      </p>
      <div class="editor-footer">
        <Button onClick={() => void call('case.open', { place })}>Show Row in {baseName(file)}</Button>
        <Button appearance="secondary" onClick={onClose}>
          Close
        </Button>
      </div>
    </div>
  );
}
