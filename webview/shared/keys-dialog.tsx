import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../ui.ts';

/** Which keys do what in a panel. */
export function KeysDialog({
  keys,
  onClose,
}: {
  keys: readonly (readonly [key: string, what: string])[];
  onClose: () => void;
}) {
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
      <dl>{keys.map(([key, what]) => [<dt key={key}>{key}</dt>, <dd key={what}>{what}</dd>])}</dl>
      <Button appearance="secondary" onClick={() => dialog.current?.close()}>
        Close
      </Button>
    </dialog>
  );
}
