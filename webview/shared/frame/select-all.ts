import { isTyping } from './focus.ts';

/**
 * Call once. Ctrl+A in a field selects its text in the page alone. VS Code, which listens on the window, would select all a
 * second time, some time later: what was typed meanwhile would be replaced by the next key.
 */
export function selectAllOnce(): void {
  document.addEventListener('keydown', (event) => {
    const isSelectAll =
      (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'a';
    if (isSelectAll && isTyping(event)) event.stopPropagation();
  });
}
