import type { RunMessage } from '../../../src/protocol/rpc.ts';

/** Sent before a run that the keyboard starts: what is typed but not sent yet goes first, and what is open closes. */
export const BEFORE_RUN = 'before-run';

/** The attribute of a part of the panel in which Ctrl+Enter sends or saves what was typed there. */
const OWN = '[data-own-enter]';

/** Ctrl+Enter or ⌘+Enter, wherever the focus is; before a control takes it for its own Enter. The host sends it on from the tab. */
export function onRunKey(run: () => void): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !isRunChord(event) || event.isComposing) return;
    const path = event.composedPath().filter((target) => target instanceof Element);
    if (path.some((element) => element.matches(OWN))) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat) return;
    // An open list takes the highlighted option first.
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

/** For a control marked `data-own-enter`: what its Ctrl+Enter does. */
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
