import { useEffect, useRef, useState } from 'preact/hooks';
import type { InputField, InputProblem } from '../../../src/protocol/compare.ts';
import { InputControl } from './input-control.tsx';
import { type Draft, draftOf, inputOf, sameInput } from './input-draft.ts';

/** After the last key, before the host renders the messages anew. */
const PAUSE_MS = 200;

interface InputFieldsProps {
  fields: InputField[];
  input: Record<string, unknown>;
  problems: InputProblem[];
  /** Marks what has no value yet as needed rather than wrong. */
  gentle?: boolean;
  onInput: (input: Record<string, unknown>) => void;
}

/** The prompt's inputs as its schema describes them. */
export function InputFields({ fields, input, problems, gentle = false, onInput }: InputFieldsProps) {
  const { draft, change, send } = useDraft({ fields, input, onInput });
  if (fields.length === 0) {
    return <p class="no-inputs dim">This prompt has no inputs. Name them in the file under input.schema.</p>;
  }
  return (
    <form class="fields" onSubmit={(event) => event.preventDefault()} onFocusOut={send}>
      {fields.map((field) => (
        <InputControl
          key={field.name}
          field={field}
          value={draft[field.name]}
          problems={problems}
          gentle={gentle}
          onValue={(value) => change(field.name, value)}
        />
      ))}
    </form>
  );
}

/** What is typed stands here first; the host's echo of it does not overwrite what was typed since. */
function useDraft({ fields, input, onInput }: Pick<InputFieldsProps, 'fields' | 'input' | 'onInput'>): {
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
  useEffect(() => {
    if (sent.current.some((own) => sameInput(own, input))) return;
    sent.current = [input];
    setDraft(draftOf(fields, input));
  }, [input]);
  // Leaving the panel or running at once must not lose the last keys.
  useEffect(() => {
    const flush = (event: KeyboardEvent) => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && send();
    document.addEventListener('keydown', flush, true);
    document.addEventListener('focusout', send);
    return () => {
      document.removeEventListener('keydown', flush, true);
      document.removeEventListener('focusout', send);
      send();
    };
  }, []);
  const change = (name: string, value: string | boolean) => {
    latest.current.draft = { ...latest.current.draft, [name]: value };
    setDraft(latest.current.draft);
    clearTimeout(timer.current);
    timer.current = setTimeout(send, PAUSE_MS);
  };
  return { draft, change, send };
}
