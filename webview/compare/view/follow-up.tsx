import { useState } from 'preact/hooks';
import { IconButton } from '../../shared/icon.tsx';
import { TextArea } from '../../ui.ts';
import { useCompare } from '../context.ts';
import type { Column } from '../state.ts';

/** Goes on with this column's conversation; Enter sends, Shift+Enter is a new line. */
export function FollowUp({ column }: { column: Column }) {
  const { call } = useCompare();
  const [text, setText] = useState('');
  const empty = text.trim() === '';
  const send = async () => {
    if (empty) return;
    setText('');
    const answer = await call('run.continue', { columnId: column.id, text });
    if (!answer) setText(text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    event.preventDefault();
    void send();
  };
  return (
    <div class="follow-up">
      <TextArea
        value={text}
        rows={1}
        placeholder="Reply…"
        aria-label={`Go on with ${column.model}`}
        onText={setText}
        onKeyDown={onKeyDown}
      />
      <IconButton icon="send" label="Send" disabled={empty} onClick={send} />
    </div>
  );
}
