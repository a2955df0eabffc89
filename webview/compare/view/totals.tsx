import { count, formatSeconds, formatTokens, formatUsd } from '../../shared/format.ts';
import { useCompareState } from '../context.ts';
import { bestOf, repeatsOf, totalsOf } from '../derived.ts';
import type { Column } from '../state.ts';
import { columnTitle } from '../words.ts';

/** The row below the columns: how far the runs are, the fastest, the cheapest, and the sum. */
export function Totals() {
  const columns = useCompareState((state) => state.columns);
  const totals = totalsOf(columns, bestOf(columns));
  const all = totals.running + totals.ended;
  if (all === 0) return null;
  return (
    <section class="totals" data-region="totals" aria-label="Totals" tabIndex={-1}>
      <span>{totals.running > 0 ? `${totals.ended} of ${count(all, 'run')} ended` : `${count(all, 'run')} ended`}</span>
      {totals.fastest && (
        <span>
          <span class="dim">fastest</span> <b>{columnTitle(totals.fastest, columns)}</b> {meanSeconds(totals.fastest)}
        </span>
      )}
      {totals.cheapest && (
        <span>
          <span class="dim">cheapest</span> <b>{columnTitle(totals.cheapest, columns)}</b> {meanCost(totals.cheapest)}
        </span>
      )}
      <span class="spacer" />
      <span title={totals.unpriced > 0 ? `${count(totals.unpriced, 'run')} of unknown price not counted` : undefined}>
        <span class="dim">sum</span> <b>{formatUsd(totals.costUsd, totals.estimated)}</b>
        {totals.unpriced > 0 && totals.costUsd !== undefined && ' + unknown'}
      </span>
      <span>
        <b>{formatTokens(totals.tokens, totals.estimated)}</b> <span class="dim">tokens</span>
      </span>
    </section>
  );
}

const meanSeconds = (column: Column) => formatSeconds(repeatsOf(column).elapsedMs?.mean);
const meanCost = (column: Column) => formatUsd(repeatsOf(column).costUsd?.mean);
