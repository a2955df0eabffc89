import { Button, type ButtonProps } from '../../ui.ts';

/** Use `slot="start"` in a button with text, because the library makes any other span there 16 px wide. */
export function Icon({ name, spin, slot }: { name: string; spin?: boolean; slot?: 'start' }) {
  const spinning = spin ? ' codicon-modifier-spin' : '';
  return <span class={`codicon codicon-${name}${spinning}`} aria-hidden="true" {...(slot && { slot })} />;
}

/** An icon that means something by itself. One element, because tables have thousands of them. */
export function NamedIcon({ name, label, class: own = '' }: { name: string; label: string; class?: string }) {
  return <span class={`codicon codicon-${name} ${own}`} role="img" aria-label={label} />;
}

interface IconButtonProps extends Pick<ButtonProps, 'disabled' | 'elementRef'> {
  icon: string;
  label: string;
  /** The tooltip, if it has more than the label. */
  title?: string;
  /** For a button that opens a popup, this is only visual; its label has the state. */
  pressed?: boolean;
  expanded?: boolean;
  popup?: 'menu' | 'dialog' | 'listbox';
  onClick: (event: MouseEvent) => void;
}

export function IconButton({ icon, label, title = label, pressed, expanded, popup, ...rest }: IconButtonProps) {
  return (
    <Button
      {...rest}
      appearance="icon"
      class={pressed ? 'pressed' : ''}
      aria-label={label}
      title={title}
      aria-pressed={popup ? undefined : pressed}
      aria-expanded={expanded}
      aria-haspopup={popup}
    >
      <Icon name={icon} />
    </Button>
  );
}
