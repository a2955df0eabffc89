import { useCompare, useCompareState } from '../../context.ts';
import { Section } from '../section.tsx';

/** The parameters in the file. The parameters of a column override them. */
export function FileParameters() {
  const { call } = useCompare();
  const prompt = useCompareState((state) => state.prompt);
  const { extra, ...known } = prompt.parameters;
  const entries = Object.entries({ ...known, ...extra }).filter(([, value]) => value !== undefined);
  return (
    <Section id="parameters" title={`parameters (${entries.length})`}>
      {entries.length === 0 && <p class="dim">The file sets no parameters. The defaults of each provider apply.</p>}
      <dl class="parameters">
        <dt>output</dt>
        <dd>{prompt.outputFormat === 'json' ? 'JSON' : 'text'}</dd>
        {entries.map(([name, value]) => [
          <dt key={`${name}-name`}>{name}</dt>,
          <dd key={`${name}-value`}>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>,
        ])}
      </dl>
      <button type="button" class="link-button" onClick={() => call('prompt.open', { line: 1, column: 1 })}>
        Edit in File
      </button>
    </Section>
  );
}
