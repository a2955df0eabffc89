import { render, type VNode } from 'preact';
import type { BatchDrawn, PanelFocus } from '../../../src/protocol/rpc.ts';
import { isRecord } from '../../../src/shared/is-record.ts';
import { registerControls } from '../../ui.ts';
import { isTyping, rememberFocus } from './focus.ts';
import { afterFrame } from './frame.ts';
import { keepFocus } from './keep-focus.ts';
import { liveRegion } from './live-region.ts';
import { hostChannel } from './vscode-api.ts';

/**
 * Call once, to render the page. `first` returns the control to focus when the panel opens, or undefined until it exists.
 */
export function startPage(page: VNode, first: () => HTMLElement | undefined): void {
  registerControls();
  rememberFocus();
  selectAllOnce();
  keepFocus(first);
  reportPanelFocus();
  reportDrawnBatches();
  liveRegion();
  const root = document.getElementById('root');
  if (root) render(page, root);
}

/**
 * Ctrl+A in a field selects its text in the page alone. VS Code, which listens on the window, would select all a
 * second time, some time later: what was typed meanwhile would be replaced by the next key.
 */
function selectAllOnce(): void {
  document.addEventListener('keydown', (event) => {
    const isSelectAll =
      (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'a';
    if (isSelectAll && isTyping(event)) event.stopPropagation();
  });
}

/** Reports to the host whether this panel has the keyboard focus. */
function reportPanelFocus(): void {
  const report = () => hostChannel.post({ kind: 'focus', focused: document.hasFocus() } satisfies PanelFocus);
  window.addEventListener('focus', report);
  window.addEventListener('blur', report);
  if (document.hasFocus()) report();
}

/** Reports to the host when the frame with a batch of events was drawn. A hidden page draws no frames. */
function reportDrawnBatches(): void {
  hostChannel.listen((data) => {
    if (!isBatch(data)) return;
    const report = () => hostChannel.post({ kind: 'drawn', seq: data.seq } satisfies BatchDrawn);
    if (document.hidden) report();
    else afterFrame(report);
  });
}

function isBatch(data: unknown): data is { seq: number } {
  return isRecord(data) && data.kind === 'events' && typeof data.seq === 'number';
}
