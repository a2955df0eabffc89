import { useRef, useState } from 'preact/hooks';
import { formatCount, formatDuration, formatTokens, formatUsd } from '../../../src/shared/format.ts';
import { formatSplitCost, markSimulated } from '../../../src/shared/simulated-cost.ts';
import { Amount } from '../../shared/controls/amount.tsx';
import { Icon } from '../../shared/controls/icon.tsx';
import { Popover } from '../../shared/controls/popover.tsx';
import { useCompareState } from '../context.ts';
import { bestOf, repeatsOf, type Totals as Sums, totalsOf } from '../derived.ts';
import { columnTitle } from '../describe-column.ts';
import type { Column, CompareState } from '../state.ts';

/**
 * The total cost of the runs in the columns. Selecting it shows details: progress, the fastest and the cheapest column.
 */
export function Totals() {
  const columns = useCompareState((state) => state.columns);
  const budget = useCompareState((state) => state.budget);
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const totals = totalsOf(columns, bestOf(columns));
  return (
    <section class="totals" aria-label="Totals">
      <Progress totals={totals} />
      <Today budget={budget} />
      <button
        ref={anchor}
        type="button"
        class="tool-button sum"
        title="Cost and tokens of the runs in the columns. Select for details"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span aria-hidden="true">Σ </span>
        <span class="visually-hidden">Total: </span>
        <Cost totals={totals} />
        {totals.unpriced > 0 && totals.running === 0 && totals.costUsd !== undefined && ' + unknown'}
        {totals.tokens !== undefined && (
          <span class="sum-tokens"> · {formatTokens(totals.tokens, totals.estimated)} tok</span>
        )}
      </button>
      {open && (
        <Popover anchor={anchor.current} role="dialog" label="Totals" onClose={() => setOpen(false)}>
          <Details columns={columns} totals={totals} budget={budget} />
        </Popover>
      )}
    </section>
  );
}

/**
 * The text for simulated costs is long. If there is little room, a short form is shown, without the simulated sum next
 * to paid costs.
 */
function Cost({ totals: { cost } }: { totals: Sums }) {
  const text = formatSplitCost(cost, formatUsd);
  if (!cost.simulated) return <Amount text={text} />;
  return (
    <>
      <span class={cost.paid ? 'sum-long split' : 'sum-long'}>{text}</span>
      <span class="sum-short">{text.replace(/(?<= \+ ).*simulated$|\(?simulated\)?/, 'sim.')}</span>
    </>
  );
}

function describeProgress({ running, ended }: Sums): string {
  const all = formatCount(running + ended, 'run');
  return running > 0 ? `${ended} of ${all} ended` : `${all} ended`;
}

function Progress({ totals }: { totals: Sums }) {
  if (totals.running + totals.ended === 0) return null;
  return <span class="dim progress">{describeProgress(totals)}</span>;
}

const isSpent = ({ perDayUsd, spentTodayUsd = 0 }: CompareState['budget']): boolean =>
  perDayUsd !== undefined && spentTodayUsd >= perDayUsd;

function describeToday({ spentTodayUsd, perDayUsd }: CompareState['budget']): string {
  const limit = perDayUsd === undefined ? '' : ` of ${formatUsd(perDayUsd)}`;
  return `${formatUsd(spentTodayUsd)}${limit}`;
}

function Today({ budget }: { budget: CompareState['budget'] }) {
  if (budget.spentTodayUsd === undefined) return null;
  const text = `today ${describeToday(budget)}`;
  if (!isSpent(budget)) return <span class="dim today">{text}</span>;
  return (
    <span class="over" title={`The daily limit is reached: ${text}`}>
      <Icon name="warning" /> <span class="today">{text}</span>
    </span>
  );
}

interface DetailsProps {
  columns: Column[];
  totals: Sums;
  budget: CompareState['budget'];
}

function Details({ columns, totals, budget }: DetailsProps) {
  const { fastest, cheapest, unpriced } = totals;
  const unknown = unpriced > 0 ? `, ${formatCount(unpriced, 'run')} with unknown price not included` : '';
  const rows: [string, string][] = [
    ['runs', describeProgress(totals)],
    ['fastest', fastest ? `${columnTitle(fastest, columns)} ${meanSeconds(fastest)}` : '—'],
    ['cheapest', cheapest ? `${columnTitle(cheapest, columns)} ${meanCost(cheapest)}` : '—'],
    ['total', `${formatSplitCost(totals.cost, formatUsd)}${unknown}`],
    ['tokens', formatTokens(totals.tokens, totals.estimated)],
    ['today', describeToday(budget)],
  ];
  return (
    <dl class="totals-list">
      {rows.map(([name, value]) => [
        <dt key={`${name}-name`}>{name}</dt>,
        <dd key={`${name}-value`}>
          <Amount text={value} />
        </dd>,
      ])}
    </dl>
  );
}

const meanSeconds = (column: Column) => formatDuration(repeatsOf(column).elapsedMs?.mean);
const meanCost = (column: Column) => {
  const { costUsd, simulated } = repeatsOf(column);
  return markSimulated(formatUsd(costUsd?.mean), simulated);
};
