import { useRef, useState } from 'preact/hooks';
import { IconButton } from '../../../shared/controls/icon.tsx';
import { clearText, TextArea } from '../../../ui.ts';
import { useCompare } from '../../context.ts';
import type { Column } from '../../state.ts';

interface FollowUpProps {
  column: Column;
  /** False while the answer is not complete. The reply can be typed, but not sent. */
  ready: boolean;
}

/** Continues the conversation of this column. Enter and Ctrl+Enter send, Shift+Enter adds a line. */
export function FollowUp({ column, ready }: FollowUpProps) {
  const { call } = useCompare();
  const [text, setText] = useState('');
  const field = useRef<HTMLElement>(null);
  const blocked = !ready ? 'Wait for the answer to finish' : text.trim() === '' ? 'Enter a reply first' : undefined;
  const send = async () => {
    if (blocked !== undefined) return;
    setText('');
    clearText(field.current);
    field.current?.focus();
    const answer = await call('run.continue', { columnId: column.id, text });
    if (!answer) setText(text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void send();
  };
  return (
    <div class="follow-up">
      <TextArea
        value={text}
        rows={1}
        elementRef={field}
        placeholder="Reply…"
        data-own-enter
        aria-label={`Continue the conversation with ${column.model}`}
        onText={setText}
        onKeyDown={onKeyDown}
      />
      <IconButton icon="send" label="Send" title={blocked ?? 'Send'} disabled={blocked !== undefined} onClick={send} />
    </div>
  );
}
