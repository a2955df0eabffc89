import { formatDate, formatScore } from '../../../../src/shared/format.ts';
import { Icon } from '../../../shared/controls/icon.tsx';
import { useObservable } from '../../../shared/observable.ts';
import { STATE_ICONS } from '../../columns.tsx';
import { useEvaluation } from '../../context.ts';

/** The same case in earlier results. */
export function CaseHistory() {
  const { openCase, call } = useEvaluation();
  const history = useObservable(openCase.history, (now) => now);
  const others = history?.filter(({ isThis }) => !isThis) ?? [];
  if (others.length === 0) return null;
  return (
    <section aria-label="History of this case">
      <h3>History</h3>
      <ul class="case-history">
        {others.map(({ resultId, startedAt, column, state, score }) => (
          <li key={`${resultId}:${column}`}>
            <span class={`case-cell ${STATE_ICONS[state].color}`}>
              <Icon name={STATE_ICONS[state].icon} />
              <span class="visually-hidden">{state}</span>
              <span class="case-score">{formatScore(score)}</span>
            </span>
            <button
              type="button"
              class="link-button"
              title="Open this result"
              onClick={() => void call('result.open', { id: resultId })}
            >
              {formatDate(startedAt)}
            </button>
            <span class="dim truncated">{column}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
