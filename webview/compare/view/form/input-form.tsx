import { useEffect } from 'preact/hooks';
import { FormPane } from '../../../shared/form/form-pane.tsx';
import { DatasetRow } from '../../../shared/inputs/dataset-row.tsx';
import { useCompare, useCompareState } from '../../context.ts';
import { Messages } from '../columns/messages.tsx';
import { FileParameters } from './file-parameters.tsx';

/** The prompt's inputs as described by its schema, and the resulting messages. */
export function InputForm() {
  const { form, call } = useCompare();
  const dataset = useCompareState((state) => state.dataset);
  const step = (by: 1 | -1) => void call('dataset.step', { by });
  const attempts = useCompareState((state) => state.attempts ?? 0);
  // Show the inputs that prevented a run.
  useEffect(() => {
    if (attempts > 0) form.update((state) => ({ ...state, folded: false, byRun: false }));
  }, [attempts]);
  return (
    <FormPane
      state={form}
      attempts={attempts}
      gentle={attempts === 0}
      fills={useCompareState((state) => state.fills ?? 0)}
      row={
        dataset && <DatasetRow dataset={dataset} onStep={step} onRow={(row) => void call('dataset.goTo', { row })} />
      }
      fields={useCompareState((state) => state.prompt.fields)}
      input={useCompareState((state) => state.input)}
      problems={useCompareState((state) => state.inputProblems)}
      onInput={(input) => void call('input.set', { input })}
      onFile={() => void call('input.fromFile', undefined)}
      onDataset={() => void call('input.fromDataset', undefined)}
      onRunDataset={() => void call('dataset.evaluate', undefined)}
      onRemember={(change) => void call('form.set', change)}
    >
      <Messages />
      <FileParameters />
    </FormPane>
  );
}
