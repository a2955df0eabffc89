import type { PanelFocus } from '../../../src/protocol/rpc.ts';

/** Call once. Reports to the host whether this panel has the keyboard focus. */
export function reportPanelFocus(post: (message: PanelFocus) => void): void {
  const report = () => post({ kind: 'focus', focused: document.hasFocus() });
  window.addEventListener('focus', report);
  window.addEventListener('blur', report);
  if (document.hasFocus()) report();
}
