// The one place that knows the control library: a successor of the archived toolkit replaces this file alone.
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeTextArea,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { type ComponentChildren, h, type Ref, type VNode } from 'preact';

export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeTextArea(), vsCodeTextField());
}

/** What every control takes. The library copies `aria-*` onto the control inside its shadow root. */
interface ControlProps {
  id?: string;
  class?: string;
  title?: string;
  disabled?: boolean;
  tabIndex?: number;
  children?: ComponentChildren;
  elementRef?: Ref<HTMLElement>;
  'data-key'?: string;
  /** Ctrl+Enter here is the control's own, and starts no run. */
  'data-own-enter'?: boolean;
  'aria-label'?: string | undefined;
  'aria-describedby'?: string | undefined;
  'aria-expanded'?: boolean | undefined;
  'aria-invalid'?: boolean | undefined;
  'aria-haspopup'?: 'menu' | 'dialog' | 'listbox' | undefined;
  'aria-pressed'?: boolean | undefined;
  onKeyDown?: (event: KeyboardEvent) => void;
}

interface ButtonProps extends ControlProps {
  appearance?: 'primary' | 'secondary' | 'icon';
  autofocus?: boolean;
  onClick?: (event: MouseEvent) => void;
}

interface TextProps extends ControlProps {
  value: string;
  placeholder?: string;
  readOnly?: boolean;
  /** The text as it now stands, on every key. */
  onText: (value: string) => void;
  onBlur?: () => void;
}

interface TextFieldProps extends TextProps {
  inputMode?: 'text' | 'numeric' | 'decimal' | 'search';
}

interface TextAreaProps extends TextProps {
  rows?: number;
}

interface CheckboxProps extends ControlProps {
  checked: boolean;
  onChecked: (checked: boolean) => void;
}

/** A custom element; Preact sets what the element has as a property, the rest as attributes. */
function control(tag: string, props: object, ...children: ComponentChildren[]): VNode {
  return h(tag, props, ...children);
}

/** Disabled, it does nothing but keeps the focus: one that is pressed and then disabled must not lose it. */
export function Button({ elementRef, disabled = false, onClick, ...props }: ButtonProps): VNode {
  const states = buttonStates(props, disabled);
  return control('vscode-button', { ...props, ...states, onClick: disabled ? undefined : onClick, ref: elementRef });
}

/** The library's button passes only its name on to the control inside; states reach that one as properties. */
function buttonStates(props: ButtonProps, disabled: boolean): object {
  const states = {
    ariaDisabled: String(disabled),
    ariaExpanded: props['aria-expanded'],
    ariaHaspopup: props['aria-haspopup'],
    ariaPressed: props['aria-pressed'],
  };
  return Object.fromEntries(Object.entries(states).filter(([, state]) => state !== undefined));
}

const textOf = (event: Event): string => (event.currentTarget as HTMLInputElement).value;

export function TextField({ elementRef, onText, ...props }: TextFieldProps): VNode {
  const ref = prepareText(props['aria-label'], elementRef);
  return control('vscode-text-field', { ...props, ref, onInput: (event: Event) => onText(textOf(event)) });
}

export function TextArea({ elementRef, onText, ...props }: TextAreaProps): VNode {
  const ref = prepareText(props['aria-label'], elementRef);
  return control('vscode-text-area', { ...props, ref, onInput: (event: Event) => onText(textOf(event)) });
}

/**
 * Empties a text control at once. The library passes on a value that code sets only with the next frame, and keys typed
 * before it would be added to the old text.
 */
export function clearText(element: HTMLElement | null): void {
  const inner = element?.shadowRoot?.querySelector<HTMLInputElement | HTMLTextAreaElement>('input, textarea');
  if (inner) inner.value = '';
}

/**
 * The library names a text control "Text field" as it is inserted, over the name that it was given: so once more. What is
 * typed has its own direction, which only the control inside can see.
 */
function prepareText(label: string | undefined, elementRef: Ref<HTMLElement> | undefined): Ref<HTMLElement> {
  return (element) => {
    element?.shadowRoot?.querySelector('input, textarea')?.setAttribute('dir', 'auto');
    if (label !== undefined) element?.setAttribute('aria-label', label);
    if (typeof elementRef === 'function') elementRef(element);
    else if (elementRef) elementRef.current = element;
  };
}

/** The library fires `change` also when code sets `checked`; only a real difference is passed on. */
export function Checkbox({ elementRef, onChecked, checked, ...props }: CheckboxProps): VNode {
  const onChange = (event: Event) => {
    const now = (event.currentTarget as HTMLInputElement).checked;
    if (now !== checked) onChecked(now);
  };
  return control('vscode-checkbox', { ...props, ref: elementRef, checked, onChange });
}
