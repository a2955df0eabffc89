import { useEffect, useRef, useState } from 'preact/hooks';
import { formatCount } from '../../../src/shared/format.ts';
import { cancelDraw, requestDraw } from '../frame/frame.ts';
import { drawDiff } from './draw-diff.ts';

interface DiffTextProps {
  before: string;
  after: string;
  /** Said instead of a diff without changes: `The two answers are the same.` */
  same: string;
}

/** The differences of two texts by word, computed and drawn between frames. Give it a key that changes with the texts. */
export function DiffText({ before, after, same }: DiffTextProps) {
  const root = useRef<HTMLDivElement>(null);
  const [result, setResult] = useState<{ coarse: number; changed: boolean } | undefined>(undefined);
  useEffect(() => {
    if (!root.current) return;
    const onDone = (coarse: number, changed: boolean) => setResult({ coarse, changed });
    const task = drawDiff(root.current, { before, after, onDone });
    requestDraw(task);
    return () => cancelDraw(task);
  }, [before, after]);
  return (
    <>
      {result === undefined && <p class="hint dim">Comparing…</p>}
      {result?.changed === false && <p class="hint">{same}</p>}
      {result !== undefined && result.coarse > 0 && (
        <p class="hint dim">
          {formatCount(result.coarse, 'passage')} too long or too different to compare by word, so compared by line.
        </p>
      )}
      <div ref={root} class="diff" dir="auto" />
    </>
  );
}
