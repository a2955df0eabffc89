import type { PanelFocus } from '../../../src/protocol/rpc.ts';

/** Call once: the host knows whether this panel has the keyboard's focus. */
export function reportPanelFocus(post: (message: PanelFocus) => void): void {
  const report = () => post({ kind: 'focus', focused: document.hasFocus() });
  window.addEventListener('focus', report);
  window.addEventListener('blur', report);
  if (document.hasFocus()) report();
}
