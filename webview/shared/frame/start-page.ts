import { registerControls } from '../../ui.ts';
import { rememberFocus } from './focus.ts';
import { keepFocus } from './keep-focus.ts';
import { liveRegion } from './live-region.ts';
import { reportPanelFocus } from './panel-focus.ts';
import { selectAllOnce } from './select-all.ts';
import { hostChannel } from './vscode-api.ts';

/**
 * Call once, before anything is rendered. `first` returns the control to focus when the panel opens, or undefined until
 * it exists.
 */
export function startPage(first: () => HTMLElement | undefined): void {
  registerControls();
  rememberFocus();
  selectAllOnce();
  keepFocus(first);
  reportPanelFocus(hostChannel.post);
  liveRegion();
}
