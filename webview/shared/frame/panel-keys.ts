import { useEffect, useRef, useState } from 'preact/hooks';
import { isTyping, moveByRegion } from './focus.ts';
import { onRunKey } from './run-key.ts';

interface PanelKeys {
  /** Ctrl+Enter or ⌘+Enter, in a panel that runs something. */
  onRun?(): void;
  /** Keys of this panel, which come first; true if it handled the key. */
  onKey?(event: KeyboardEvent): boolean;
}

/** Handles the keys of a whole panel: F6, `?` and its own. Gives whether the keyboard shortcuts are shown. */
export function usePanelKeys(keys: PanelKeys): [shown: boolean, show: (shown: boolean) => void] {
  const [shown, show] = useState(false);
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const isOwn = latest.current.onKey?.(event) === true;
      if (!isOwn && event.key === 'F6') return moveByRegion(event);
      if (!isOwn && (event.key !== '?' || isTyping(event))) return;
      if (!isOwn) show(true);
      event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    const offRun = keys.onRun && onRunKey(() => latest.current.onRun?.());
    return () => {
      offRun?.();
      document.removeEventListener('keydown', onKeyDown);
    };
  }, []);
  return [shown, show];
}
