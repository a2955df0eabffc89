import { formatCount } from '../../../../src/shared/format.ts';
import { Icon } from '../../../shared/controls/icon.tsx';
import type { Run } from '../../state.ts';

/** Warnings about parts of the request that could not be applied, collapsed to one line. */
export function Warnings({ warnings }: { warnings: Run['warnings'] }) {
  const [first, ...rest] = warnings;
  if (!first) return null;
  return (
    <details class="notes warning">
      <summary title={first.message}>
        <Icon name="warning" /> {rest.length > 0 && <b>{warnings.length} warnings: </b>}
        {first.message}
      </summary>
      <ul>
        {warnings.map((warning) => (
          <li key={warning.code + warning.message}>{warning.message}</li>
        ))}
      </ul>
    </details>
  );
}

/** The schema problems of the answer. */
export function SchemaProblems({ problems }: { problems: string[] }) {
  return (
    <details class="notes error">
      <summary>
        <Icon name="error" /> does not match the schema: {formatCount(problems.length, 'problem')}
      </summary>
      <ul>
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </details>
  );
}
