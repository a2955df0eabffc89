// The only place that uses the control library. A successor of the archived toolkit only replaces this file.
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

/** The props of all controls. The library copies `aria-*` to the control inside its shadow root. */
interface ControlProps {
  id?: string;
  class?: string;
  title?: string;
  disabled?: boolean;
  tabIndex?: number;
  children?: ComponentChildren;
  elementRef?: Ref<HTMLElement>;
  'data-key'?: string;
  /** True if the control handles Ctrl+Enter itself, so that it does not start a run. */
  'data-own-enter'?: boolean;
  'aria-label'?: string | undefined;
  'aria-describedby'?: string | undefined;
  'aria-expanded'?: boolean | undefined;
  'aria-invalid'?: boolean | undefined;
  'aria-haspopup'?: 'menu' | 'dialog' | 'listbox' | undefined;
  'aria-pressed'?: boolean | undefined;
  onKeyDown?: (event: KeyboardEvent) => void;
}

export interface ButtonProps extends ControlProps {
  appearance?: 'primary' | 'secondary' | 'icon';
  autofocus?: boolean;
  onClick?: (event: MouseEvent) => void;
}

interface TextProps extends ControlProps {
  value: string;
  placeholder?: string;
  readOnly?: boolean;
  /** Called with the current text on every key. */
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

/** A custom element. Preact sets known props as properties, and others as attributes. */
function control(tag: string, props: object, ...children: ComponentChildren[]): VNode {
  return h(tag, props, ...children);
}

/** A disabled button does nothing, but keeps the focus: a button that is pressed and then disabled must not lose it. */
export function Button({ elementRef, disabled = false, onClick, ...props }: ButtonProps): VNode {
  const states = buttonStates(props, disabled);
  return control('vscode-button', { ...props, ...states, onClick: disabled ? undefined : onClick, ref: elementRef });
}

/** The library's button only passes its label to the inner control. States are passed as properties. */
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
 * Clears a text control immediately. The library applies a value set by code with the next frame, and keys typed before
 * that would be added to the old text.
 */
export function clearText(element: HTMLElement | null): void {
  const inner = element?.shadowRoot?.querySelector<HTMLInputElement | HTMLTextAreaElement>('input, textarea');
  if (inner) inner.value = '';
}

/**
 * The library labels a text control "Text field" when it is inserted, so its label is set again. Typed text has its own
 * direction, which only works on the inner control.
 */
function prepareText(label: string | undefined, elementRef: Ref<HTMLElement> | undefined): Ref<HTMLElement> {
  return (element) => {
    element?.shadowRoot?.querySelector('input, textarea')?.setAttribute('dir', 'auto');
    if (label !== undefined) element?.setAttribute('aria-label', label);
    if (typeof elementRef === 'function') elementRef(element);
    else if (elementRef) elementRef.current = element;
  };
}

/** The library also fires `change` when code sets `checked`. Only real changes are passed on. */
export function Checkbox({ elementRef, onChecked, checked, ...props }: CheckboxProps): VNode {
  const onChange = (event: Event) => {
    const now = (event.currentTarget as HTMLInputElement).checked;
    if (now !== checked) onChecked(now);
  };
  return control('vscode-checkbox', { ...props, ref: elementRef, checked, onChange });
}
