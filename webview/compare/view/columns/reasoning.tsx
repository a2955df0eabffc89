import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../../../shared/controls/icon.tsx';
import { TextView } from '../../../shared/text/text-view.tsx';
import { useCompare, useUi } from '../../context.ts';
import { isLive } from '../../derived.ts';
import type { Column, Run } from '../../state.ts';
import { changeColumnUi, columnUi } from '../../ui-state.ts';

/** The reasoning of the model, collapsed and separate from the answer. */
export function Reasoning({ column, run, onDrawn }: { column: Column; run: Run; onDrawn: () => void }) {
  const { ui, session, call } = useCompare();
  const open = useUi((state) => columnUi(state, column.id).reasoningOpen === true);
  const present = useHasReasoning(run.runId);
  if (!present) return null;
  return (
    <section class="reasoning">
      <button
        type="button"
        class="section-title"
        aria-expanded={open}
        onClick={() => changeColumnUi(ui, column.id, { reasoningOpen: !open })}
      >
        <Icon name={open ? 'chevron-down' : 'chevron-right'} /> reasoning
      </button>
      {open && (
        <TextView
          texts={session.texts}
          runId={run.runId}
          kind="reasoning"
          as="text"
          live={isLive(run)}
          label="Reasoning"
          onDrawn={onDrawn}
          onLink={(url) => call('link.open', { url })}
        />
      )}
    </section>
  );
}

function useHasReasoning(runId: string): boolean {
  const { texts } = useCompare().session;
  const now = texts.get(runId, 'reasoning') !== '';
  const [, seen] = useState(now);
  useEffect(() => {
    if (now) return;
    seen(texts.get(runId, 'reasoning') !== '');
    return texts.subscribe(runId, 'reasoning', () => seen(true));
  }, [runId, now]);
  return now;
}
