import { InputFields } from '../../shared/inputs/input-fields.tsx';
import { useCompare, useCompareState, useUi } from '../context.ts';
import { FileParameters } from './file-parameters.tsx';
import { Messages } from './messages.tsx';

/** The prompt's inputs as its schema describes them, and what becomes of them. */
export function InputForm() {
  const folded = useUi((state) => state.formFolded);
  if (folded) return null;
  return (
    <aside class="inputs" data-region="inputs" aria-label="Inputs">
      <Fields />
      <Messages />
      <FileParameters />
    </aside>
  );
}

function Fields() {
  const { call } = useCompare();
  return (
    <InputFields
      fields={useCompareState((state) => state.prompt.fields)}
      input={useCompareState((state) => state.input)}
      problems={useCompareState((state) => state.inputProblems)}
      onInput={(input) => void call('input.set', { input })}
      onFile={() => void call('input.fromFile', undefined)}
      onDataset={() => void call('input.fromDataset', undefined)}
    />
  );
}
