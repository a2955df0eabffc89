import type { CompareSession } from './session.ts';

/** Call once. Focuses a new column and scrolls it into view, whichever control added it. */
export function focusNewColumns(session: CompareSession): void {
  let known: ReadonlySet<string> | undefined;
  session.state.subscribe(() => {
    const ids = session.state.get()?.columns.map(({ id }) => id) ?? [];
    const before = known;
    known = new Set(ids);
    // The first columns of the panel, and a replacement of all columns, do not count.
    if (!before || !ids.some((id) => before.has(id))) return;
    const added = ids.findLast((id) => !before.has(id));
    if (added !== undefined) requestAnimationFrame(() => focusColumn(added));
  });
}

function focusColumn(id: string): void {
  const column = document.querySelector<HTMLElement>(`[data-column="${CSS.escape(id)}"]`);
  column?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  if (document.hasFocus()) column?.focus({ preventScroll: true });
}
