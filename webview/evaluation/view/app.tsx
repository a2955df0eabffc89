import { useRef } from 'preact/hooks';
import { KeysDialog } from '../../shared/controls/keys-dialog.tsx';
import { SplitSash } from '../../shared/controls/split-sash.tsx';
import { LoadingPage } from '../../shared/frame/loading-page.tsx';
import { usePanelKeys } from '../../shared/frame/panel-keys.ts';
import { useMedia } from '../../shared/frame/use-media.ts';
import { useObservable } from '../../shared/observable.ts';
import { useEvaluation } from '../context.ts';
import { NARROW_PANEL } from '../view-state.ts';
import { Banners } from './banners.tsx';
import { CasesTable } from './cases-table.tsx';
import { Charts } from './charts.tsx';
import { FilterBar } from './filter-bar.tsx';
import { Header } from './header.tsx';
import { CasePane } from './pane/case-pane.tsx';
import { Summary } from './summary.tsx';

const KEYS = [
  ['↑ ↓ ← →', 'Move between cells. The header is above the first row'],
  ['Enter', 'Open the case, or expand or collapse the group. In the header: sort'],
  ['→, ←', 'Expand or collapse the group; from the first column, ← moves to its title'],
  ['Escape', 'Close the case, or clear the selection'],
  ['Alt+PageUp, Alt+PageDown', 'Previous or next case'],
  ['Space', 'Select or deselect the row'],
  ['Shift+↑ ↓', 'Select a range'],
  ['Ctrl+A, ⌘+A', 'Select all rows'],
  ['Shift+← →', 'In the header: resize the column'],
  ['Ctrl+Home, Ctrl+End', 'First or last row'],
  [
    'F6, Shift+F6',
    'Next or previous region: header, summary, filter, table, charts, case, then the rest of the window',
  ],
  ['?', 'Show keyboard shortcuts'],
] as const;

export function App() {
  const { state, list, failure, start, openCase, view } = useEvaluation();
  const hasState = useObservable(state, (now) => now !== undefined);
  const hasList = useObservable(list, (now) => now !== undefined);
  const onKey = (event: KeyboardEvent) => {
    const isOpen = view.get().open !== undefined;
    const by = event.altKey ? { PageUp: -1 as const, PageDown: 1 as const }[event.key] : undefined;
    if (by && isOpen) void openCase.step(by);
    else if (event.key === 'Escape' && isOpen) openCase.close();
    else return false;
    return true;
  };
  const [keysShown, showKeys] = usePanelKeys({ onKey });
  if (!hasState || !hasList) return <LoadingPage what="the evaluation" failure={failure} start={start} />;
  return (
    <div class="evaluation">
      <Header onKeys={() => showKeys(true)} />
      <Banners />
      <Summary />
      <FilterBar />
      <Main />
      {keysShown && <KeysDialog keys={KEYS} onClose={() => showKeys(false)} />}
    </div>
  );
}

const CASE_SHARE = 0.55;

/** The table and, below or beside it, the open case. */
function Main() {
  const { view } = useEvaluation();
  const container = useRef<HTMLDivElement>(null);
  const isNarrow = useMedia(NARROW_PANEL);
  const side = useObservable(view, (now) => now.side);
  const share = useObservable(view, (now) => now.share) ?? CASE_SHARE;
  const isVertical = side === 'beside' && !isNarrow;
  return (
    <div ref={container} class={`evaluation-main ${side}`} style={{ '--case-share': share }}>
      <div class="evaluation-cases">
        <CasesTable />
        <Charts />
      </div>
      <CasePane
        sash={
          <SplitSash
            {...{ container, isVertical, share }}
            label={isVertical ? 'Width of the case' : 'Height of the case'}
            onShare={(next) => view.update((before) => ({ ...before, share: next }))}
          />
        }
      />
    </div>
  );
}
