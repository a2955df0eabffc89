import type { RunMessage } from '../../../src/protocol/rpc.ts';

/** Dispatched before a run by keyboard: typed input that was not sent yet is sent first, and popups close. */
export const BEFORE_RUN = 'before-run';

/** Marks a part of the panel in which Ctrl+Enter sends or saves its own text. */
const OWN = '[data-own-enter]';

/**
 * Handles Ctrl+Enter or ⌘+Enter anywhere in the panel, before a control handles Enter. The host forwards it if the tab
 * is focused.
 */
export function onRunKey(run: () => void): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !isRunChord(event) || event.isComposing) return;
    const path = event.composedPath().filter((target) => target instanceof Element);
    if (path.some((element) => element.matches(OWN))) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat) return;
    // An open list first selects its active option.
    const list = path.find((element) => element.matches('.dropdown[aria-expanded="true"]'));
    list?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    begin();
  };
  const begin = () => {
    document.dispatchEvent(new Event(BEFORE_RUN));
    run();
  };
  const onMessage = ({ data }: MessageEvent<Partial<RunMessage> | undefined>) => {
    if (data?.kind === 'run') begin();
  };
  document.addEventListener('keydown', onKeyDown, true);
  window.addEventListener('message', onMessage);
  return () => {
    document.removeEventListener('keydown', onKeyDown, true);
    window.removeEventListener('message', onMessage);
  };
}

/** Handles Ctrl+Enter of a control with `data-own-enter`. */
export function ownEnter(act: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== 'Enter' || !isRunChord(event) || event.isComposing) return;
    event.preventDefault();
    act();
  };
}

function isRunChord(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey;
}
