import { useMemo, useState } from 'preact/hooks';
import { formatCount, formatNumber } from '../../src/shared/format.ts';
import type { ReportCaseData, ReportHead } from '../../src/shared/report-data.ts';
import { CaseRow } from './case-row.tsx';
import { contains, FILTER_TITLES, FILTERS, type Filter, filtersOf } from './filter-cases.ts';

const PAGE = 100;

/** The cases of the file, filtered and in pages: 10,000 rows at once would be slow to draw. */
export function CaseList({ head, cases }: { head: ReportHead; cases: ReportCaseData[] }) {
  const marked = useMemo(() => cases.map((one) => ({ one, filters: filtersOf(one, head) })), [cases, head]);
  const [filter, setFilter] = useState<Filter>('all');
  const [search, setSearch] = useState('');
  const [page, setPage] = useState(0);
  /** Another list starts at its first page. */
  const show =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value);
      setPage(0);
    };
  const wanted = search.trim().toLowerCase();
  const listed = useMemo(
    () => marked.filter(({ one, filters }) => filters.has(filter) && (wanted === '' || contains(one, wanted))),
    [marked, filter, wanted],
  );
  const counts = useMemo(() => countsOf(marked), [marked]);
  const pages = Math.max(1, Math.ceil(listed.length / PAGE));
  const shown = Math.min(page, pages - 1);
  return (
    <>
      <div class="toolbar">
        <Chips counts={counts} filter={filter} onFilter={show(setFilter)} />
        <input
          type="search"
          aria-label="Search cases and answers"
          placeholder="Search cases and answers"
          value={search}
          onInput={(event) => show(setSearch)(event.currentTarget.value)}
        />
      </div>
      <p role="status">
        {formatCount(listed.length, 'case')}
        {listed.length < cases.length && ` of ${formatNumber(cases.length)}`}
      </p>
      <div class="scroll">
        <table class="cases">
          <thead>
            <tr>
              <th scope="col">Case</th>
              {head.columns.map(({ title, isBaseline }, index) => (
                <th scope="col" key={index}>
                  {title}
                  {isBaseline && <small> baseline</small>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {listed.slice(shown * PAGE, (shown + 1) * PAGE).map(({ one }) => (
              <CaseRow key={one.id} one={one} head={head} />
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && <Pages page={shown} pages={pages} onPage={setPage} />}
    </>
  );
}

type Counts = Record<Filter, number>;

function countsOf(marked: readonly { filters: ReadonlySet<Filter> }[]): Counts {
  const count = (filter: Filter) => marked.filter(({ filters }) => filters.has(filter)).length;
  return Object.fromEntries(FILTERS.map((filter) => [filter, count(filter)])) as Counts;
}

interface ChipsProps {
  counts: Counts;
  filter: Filter;
  onFilter(filter: Filter): void;
}

function Chips({ counts, filter, onFilter }: ChipsProps) {
  return (
    <fieldset aria-label="Filter" class="chips">
      {FILTERS.filter((one) => counts[one] > 0 || one === 'all').map((one) => (
        <button type="button" key={one} aria-pressed={one === filter} onClick={() => onFilter(one)}>
          {FILTER_TITLES[one]} {formatNumber(counts[one])}
        </button>
      ))}
    </fieldset>
  );
}

function Pages({ page, pages, onPage }: { page: number; pages: number; onPage(page: number): void }) {
  return (
    <nav aria-label="Pages" class="pages">
      <button type="button" disabled={page === 0} onClick={() => onPage(page - 1)}>
        Previous
      </button>
      <span>
        Page {formatNumber(page + 1)} of {formatNumber(pages)}
      </span>
      <button type="button" disabled={page === pages - 1} onClick={() => onPage(page + 1)}>
        Next
      </button>
    </nav>
  );
}
