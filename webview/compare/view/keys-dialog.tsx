import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../ui.ts';

const KEYS = [
  ['Ctrl+Enter, ⌘+Enter', 'run all columns'],
  ['F6, Shift+F6', 'next region, region before: header, inputs, columns, totals'],
  ['← →', 'between columns, when a column has the focus, and between tabs'],
  ['Enter', 'into a column; opens what has the focus'],
  ['Escape', 'back to the column; closes what is open'],
  ['↑ ↓ ← →', 'in a JSON tree: move, fold and unfold'],
  ['?', 'this list'],
] as const;

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} class="keys" aria-label="Keys" onClose={onClose}>
      <h2>Keys</h2>
      <dl>{KEYS.map(([key, what]) => [<dt key={key}>{key}</dt>, <dd key={what}>{what}</dd>])}</dl>
      <Button appearance="secondary" onClick={() => dialog.current?.close()}>
        Close
      </Button>
    </dialog>
  );
}
