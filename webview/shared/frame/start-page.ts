import { render, type VNode } from 'preact';
import type { PanelFocus } from '../../../src/protocol/rpc.ts';
import { registerControls } from '../../ui.ts';
import { isTyping, rememberFocus } from './focus.ts';
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
