import type { Ref } from 'preact';
import { Button } from '../../ui.ts';

/** With `slot="start"` inside a button that has words too: the library makes any other span there 16 px wide. */
export function Icon({ name, spin, slot }: { name: string; spin?: boolean; slot?: 'start' }) {
  const spinning = spin ? ' codicon-modifier-spin' : '';
  return <span class={`codicon codicon-${name}${spinning}`} aria-hidden="true" {...(slot && { slot })} />;
}

interface IconButtonProps {
  icon: string;
  label: string;
  /** More than the label says, on hover. */
  title?: string;
  disabled?: boolean;
  /** Of what opens something it is a look alone: its label says what was changed there. */
  pressed?: boolean;
  expanded?: boolean;
  popup?: 'menu' | 'dialog' | 'listbox';
  elementRef?: Ref<HTMLElement>;
  onClick: (event: MouseEvent) => void;
}

export function IconButton({
  icon,
  label,
  title,
  disabled,
  pressed,
  expanded,
  popup,
  elementRef,
  onClick,
}: IconButtonProps) {
  return (
    <Button
      appearance="icon"
      class={pressed ? 'pressed' : ''}
      aria-label={label}
      title={title ?? label}
      disabled={disabled ?? false}
      aria-pressed={popup ? undefined : pressed}
      aria-expanded={expanded}
      aria-haspopup={popup}
      elementRef={elementRef ?? null}
      onClick={onClick}
    >
      <Icon name={icon} />
    </Button>
  );
}
