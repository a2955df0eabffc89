import type { ComponentChildren } from 'preact';
import { Icon } from '../../shared/controls/icon.tsx';
import { useCompare, useUi } from '../context.ts';

interface SectionProps {
  id: string;
  title: string;
  problem?: boolean;
  children: ComponentChildren;
}

/** A collapsible section of the form. Its state is kept across reloads. */
export function Section({ id, title, problem, children }: SectionProps) {
  const { ui } = useCompare();
  const open = useUi((state) => state.openSections.includes(id));
  const toggle = () =>
    ui.update((state) => ({
      ...state,
      openSections: open ? state.openSections.filter((other) => other !== id) : [...state.openSections, id],
    }));
  return (
    <section class="section">
      <button type="button" class="section-title" aria-expanded={open} onClick={toggle}>
        <Icon name={open ? 'chevron-down' : 'chevron-right'} />
        {title}
        {problem && <Icon name="error" />}
      </button>
      {open && <div class="section-body">{children}</div>}
    </section>
  );
}
