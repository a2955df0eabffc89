import { useEffect, useMemo, useState } from 'preact/hooks';
import { JsonTree } from '../../../shared/json/json-tree.tsx';
import { parseAnswer } from '../../../shared/json/parse-answer.ts';
import { readPartialJson } from '../../../shared/json/partial-json.ts';
import { useCompare } from '../../context.ts';
import { isLive } from '../../derived.ts';
import { columnName } from '../../describe-column.ts';
import type { Column, Run } from '../../state.ts';
import { AnswerText } from '../columns/answer-text.tsx';

interface JsonAnswerProps {
  column: Column;
  run: Run;
  onDrawn: () => void;
}

/**
 * An answer as a tree that grows while it streams, so that nothing is replaced at its end. If it is not JSON, it is
 * shown as text from the start, with the reason below when it is complete. A truncated answer is explained elsewhere.
 */
export function JsonAnswer({ column, run, onDrawn }: JsonAnswerProps) {
  const live = isLive(run);
  const text = useAnswer(run.runId, live);
  const read = useMemo(() => readAnswer(text, live), [text, live]);
  useEffect(onDrawn, [text]);
  const label = `Answer of ${columnName(column)}`;
  if (read.kind === 'undecided') return null;
  if (read.kind === 'value') {
    return (
      <div key={run.runId} role="document" aria-label={label}>
        <JsonTree value={read.value} label={`${label} as a tree`} />
      </div>
    );
  }
  return (
    <>
      <AnswerText run={run} as="text" label={label} onDrawn={onDrawn} />
      {read.kind === 'invalid' && run.state === 'done' && text !== '' && <p class="hint dim">{read.message}</p>}
    </>
  );
}

type ReadAnswer = ReturnType<typeof readPartialJson> | { kind: 'invalid'; message: string };

function readAnswer(text: string, live: boolean): ReadAnswer {
  if (live) return readPartialJson(text);
  const parsed = parseAnswer(text);
  if (parsed.ok) return { kind: 'value', value: parsed.value };
  return { kind: 'invalid', message: parsed.message };
}

const UPDATE_MS = 100;

/** The current text, updated at most ten times per second while it streams. */
function useAnswer(runId: string, live: boolean): string {
  const { texts } = useCompare().session;
  const [, update] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = texts.subscribe(runId, 'text', () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        update((count) => count + 1);
      }, UPDATE_MS);
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [texts, runId, live]);
  return texts.get(runId, 'text');
}
