import type { ComponentChildren } from 'preact';
import type { CaseView } from '../../../../src/protocol/evaluation.ts';
import { IconButton } from '../../../shared/controls/icon.tsx';
import { useObservable } from '../../../shared/observable.ts';
import { showControls } from '../../../shared/text/show-controls.ts';
import { useEvaluation } from '../../context.ts';
import { CaseAnswer } from './case-answer.tsx';
import { CaseHistory } from './case-history.tsx';
import { CaseInput } from './case-input.tsx';
import { CaseMessages } from './case-messages.tsx';
import { CaseScores } from './case-scores.tsx';
import { PromptChanges } from './prompt-changes.tsx';

/** The open case: what was asked, each answer against its baseline, and how it was scored. */
export function CasePane({ sash }: { sash: ComponentChildren }) {
  const { openCase, view } = useEvaluation();
  const shown = useObservable(openCase.shown, (now) => now);
  const isOpen = useObservable(view, (now) => now.open !== undefined);
  const column = useObservable(view, (now) => now.column);
  if (!isOpen || !shown) return null;
  const compared = shown.columns.findIndex(({ baseline }) => baseline !== undefined);
  const at = Math.min(column ?? Math.max(0, compared), shown.columns.length - 1);
  return (
    <section class="case-pane" data-region="case" aria-label={`Case ${shown.case.number}`}>
      <Head shown={shown} />
      <div class="case-body">
        <CaseInput key={`input-${shown.place}`} shown={shown} />
        <CaseAnswer key={`answer-${shown.place}`} shown={shown} column={at} />
        <div class="case-part">
          <CaseScores shown={shown} column={at} />
          <CaseMessages key={`messages-${shown.place}-${at}`} place={shown.place} column={at} />
          <PromptChanges column={at} />
          <CaseHistory />
        </div>
      </div>
      {sash}
    </section>
  );
}

function Head({ shown: { case: found } }: { shown: CaseView }) {
  const { openCase, view, call } = useEvaluation();
  const side = useObservable(view, (now) => now.side);
  const dataset = found.dataset ?? 'rows of the file';
  return (
    <div class="case-head">
      <h2 class="truncated">
        Case {found.number} <span class="dim">{showControls(found.id)}</span>
      </h2>
      {found.tags.map((tag) => (
        <span key={tag} class="tag">
          {tag}
        </span>
      ))}
      <button
        type="button"
        class="link-button truncated"
        title={`Open row ${found.number} of ${dataset}`}
        onClick={() => void call('case.open', { place: openCase.shown.get()?.place ?? 0 })}
      >
        {dataset}
      </button>
      <span class="spacer" />
      <IconButton
        icon="arrow-up"
        label="Previous Case"
        title="Previous Case (Alt+PageUp)"
        onClick={() => void openCase.step(-1)}
      />
      <IconButton
        icon="arrow-down"
        label="Next Case"
        title="Next Case (Alt+PageDown)"
        onClick={() => void openCase.step(1)}
      />
      <span class="case-side">
        <IconButton
          icon={side === 'below' ? 'layout-sidebar-right' : 'layout-panel'}
          label={side === 'below' ? 'Show Beside the Table' : 'Show Below the Table'}
          onClick={() => view.update((before) => ({ ...before, side: side === 'below' ? 'beside' : 'below' }))}
        />
      </span>
      <IconButton icon="close" label="Close Case" title="Close Case (Escape)" onClick={openCase.close} />
    </div>
  );
}
