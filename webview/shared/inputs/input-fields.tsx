import { useEffect, useRef, useState } from 'preact/hooks';
import type { InputField, InputProblem } from '../../../src/protocol/compare.ts';
import { BEFORE_RUN } from '../frame/run-key.ts';
import { InputControl } from './input-control.tsx';
import { type Draft, draftOf, inputOf, problemsOf, sameInput } from './input-draft.ts';

/** The pause after the last key, before the host renders the messages again. */
const PAUSE_MS = 200;

export interface InputFieldsProps {
  fields: InputField[];
  input: Record<string, unknown>;
  problems: InputProblem[];
  /** True if missing values are marked as required rather than as errors. */
  gentle?: boolean;
  /** Incremented when a run is rejected because of its inputs. The first invalid input then gets the focus. */
  attempts?: number;
  /** Incremented when the host fills the form, which is the only time that typed text is replaced. */
  fills?: number;
  onInput: (input: Record<string, unknown>) => void;
}

/** The prompt's inputs as described by its schema. */
export function InputFields(props: InputFieldsProps) {
  const { fields, problems, gentle = false, attempts = 0 } = props;
  const { draft, change, send } = useDraft(props);
  const wrong = fields.find((field) => problemsOf(field, draft[field.name], problems).length > 0)?.name;
  const form = useFocusOnWrong(attempts, wrong);
  if (fields.length === 0) {
    return <p class="no-inputs dim">This prompt has no inputs. Declare them in the file under input.schema.</p>;
  }
  return (
    <form ref={form} class="fields" onSubmit={(event) => event.preventDefault()} onFocusOut={send}>
      {fields.map((field) => (
        <InputControl
          key={field.name}
          field={field}
          value={draft[field.name]}
          problems={problems}
          gentle={gentle}
          onValue={(value) => {
            answered = attempts;
            change(field.name, value);
          }}
        />
      ))}
    </form>
  );
}

/**
 * The rejected run whose invalid input already had the focus. A form that is expanded again does not take the focus.
 */
let answered = 0;

/** Problems may only be known after the rejection, so the focus waits for them. Typing ends the wait. */
function useFocusOnWrong(attempts: number, wrong: string | undefined) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (attempts === 0) answered = 0;
    if (attempts <= answered || wrong === undefined) return;
    answered = attempts;
    const control = form.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(wrong)}"]`);
    control?.focus({ preventScroll: true });
    control?.closest('.field')?.scrollIntoView({ block: 'nearest' });
  }, [attempts, wrong]);
  return form;
}

/** Leaving the panel or running immediately must not lose the last keys. */
function useSendOnLeave(send: () => void): void {
  useEffect(() => {
    document.addEventListener(BEFORE_RUN, send);
    document.addEventListener('focusout', send);
    return () => {
      document.removeEventListener(BEFORE_RUN, send);
      document.removeEventListener('focusout', send);
      send();
    };
  }, []);
}

/** Typed text is stored here first. The host's echo does not overwrite newer text. */
function useDraft({ fields, input, fills = 0, onInput }: Omit<InputFieldsProps, 'problems'>): {
  draft: Draft;
  change: (name: string, value: string | boolean) => void;
  send: () => void;
} {
  const [draft, setDraft] = useState(() => draftOf(fields, input));
  const sent = useRef<Record<string, unknown>[]>([input]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef({ draft, fields, onInput });
  latest.current = { draft, fields, onInput };

  const send = () => {
    if (timer.current === undefined) return;
    clearTimeout(timer.current);
    timer.current = undefined;
    const next = inputOf(latest.current.fields, latest.current.draft);
    sent.current = [...sent.current.slice(-20), next];
    latest.current.onInput(next);
  };
  const filled = useRef(fills);
  useEffect(() => {
    if (filled.current === fills && sent.current.some((own) => sameInput(own, input))) return;
    if (filled.current !== fills) {
      clearTimeout(timer.current);
      timer.current = undefined;
    }
    filled.current = fills;
    sent.current = [input];
    setDraft(draftOf(fields, input));
  }, [input, fills]);
  useSendOnLeave(send);
  const change = (name: string, value: string | boolean) => {
    latest.current.draft = { ...latest.current.draft, [name]: value };
    setDraft(latest.current.draft);
    clearTimeout(timer.current);
    timer.current = setTimeout(send, PAUSE_MS);
  };
  return { draft, change, send };
}
