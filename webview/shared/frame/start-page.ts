import { render, type VNode } from 'preact';
import { registerControls } from '../../ui.ts';
import { rememberFocus } from './focus.ts';
import { keepFocus } from './keep-focus.ts';
import { liveRegion } from './live-region.ts';
import { reportPanelFocus } from './panel-focus.ts';
import { selectAllOnce } from './select-all.ts';
import { hostChannel } from './vscode-api.ts';

/**
 * Call once, to render the page. `first` returns the control to focus when the panel opens, or undefined until it exists.
 */
export function startPage(page: VNode, first: () => HTMLElement | undefined): void {
  registerControls();
  rememberFocus();
  selectAllOnce();
  keepFocus(first);
  reportPanelFocus(hostChannel.post);
  liveRegion();
  const root = document.getElementById('root');
  if (root) render(page, root);
}
