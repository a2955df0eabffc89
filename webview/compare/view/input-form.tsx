import { useEffect } from 'preact/hooks';
import { FormPane } from '../../shared/form/form-pane.tsx';
import { useCompare, useCompareState } from '../context.ts';
import { FileParameters } from './file-parameters.tsx';
import { Messages } from './messages.tsx';

/** The prompt's inputs as its schema describes them, and what becomes of them. */
export function InputForm() {
  const { form, call } = useCompare();
  const attempts = useCompareState((state) => state.attempts ?? 0);
  // What a run was refused for has to be seen.
  useEffect(() => {
    if (attempts > 0) form.update((look) => ({ ...look, folded: false, byRun: false }));
  }, [attempts]);
  return (
    <FormPane
      look={form}
      attempts={attempts}
      gentle={attempts === 0}
      fields={useCompareState((state) => state.prompt.fields)}
      input={useCompareState((state) => state.input)}
      problems={useCompareState((state) => state.inputProblems)}
      onInput={(input) => void call('input.set', { input })}
      onFile={() => void call('input.fromFile', undefined)}
      onDataset={() => void call('input.fromDataset', undefined)}
      onRemember={(change) => void call('form.set', change)}
    >
      <Messages />
      <FileParameters />
    </FormPane>
  );
}
