import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../ui.ts';
import { keepTabInside } from '../frame/focus.ts';
import { IconButton } from './icon.tsx';

/** Opens the keyboard shortcuts of a panel. */
export function KeysButton({ onClick }: { onClick: () => void }) {
  return (
    <IconButton
      icon="keyboard"
      label="Keyboard Shortcuts"
      title="Keyboard Shortcuts (?)"
      popup="dialog"
      onClick={onClick}
    />
  );
}

/** The keyboard shortcuts of a panel. */
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
      if (before instanceof HTMLElement && before !== document.body) before.focus();
    };
  }, []);
  // In an iframe, the browser lets Tab leave a modal dialog for the parent page, and VS Code gets Escape.
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') dialog.current?.close();
    else if (event.key !== 'F6') return keepTabInside(event, dialog.current);
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <dialog ref={dialog} class="keys" aria-label="Keyboard Shortcuts" onClose={onClose} onKeyDown={onKeyDown}>
      <h2>Keyboard Shortcuts</h2>
      <dl>{keys.map(([key, what]) => [<dt key={key}>{key}</dt>, <dd key={what}>{what}</dd>])}</dl>
      <Button appearance="secondary" onClick={() => dialog.current?.close()}>
        Close
      </Button>
    </dialog>
  );
}
