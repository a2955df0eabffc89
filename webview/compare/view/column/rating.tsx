import { useRef, useState } from 'preact/hooks';
import { IconButton } from '../../../shared/icon.tsx';
import { Popover } from '../../../shared/popover.tsx';
import { Button, TextArea } from '../../../ui.ts';
import { useCompare } from '../../context.ts';
import type { Run } from '../../state.ts';

/** Two thumbs and a note; all three stay with the run. */
export function Rating({ run }: { run: Run }) {
  const { call, session } = useCompare();
  const [noting, setNoting] = useState(false);
  const anchor = useRef<HTMLElement>(null);
  const rate = async (rating: Run['rating'], note: Run['note']) => {
    const { runId } = run;
    const answer = await call('run.rate', { runId, rating, note });
    // The message that confirms it cannot carry "none" (JSON has no undefined), so it is applied here.
    if (answer) session.applyLocally({ type: 'run-patch', runId, patch: { rating, note } });
  };
  const toggle = (rating: 'up' | 'down') => rate(run.rating === rating ? undefined : rating, run.note);
  return (
    <>
      <IconButton
        icon={run.rating === 'up' ? 'thumbsup-filled' : 'thumbsup'}
        label="Good answer"
        pressed={run.rating === 'up'}
        onClick={() => toggle('up')}
      />
      <IconButton
        icon={run.rating === 'down' ? 'thumbsdown-filled' : 'thumbsdown'}
        label="Bad answer"
        pressed={run.rating === 'down'}
        onClick={() => toggle('down')}
      />
      <IconButton
        icon="note"
        label={run.note ? 'Change the note' : 'Add a note'}
        title={run.note ?? 'Add a note'}
        pressed={run.note !== undefined}
        popup="dialog"
        expanded={noting}
        elementRef={anchor}
        onClick={() => setNoting(!noting)}
      />
      {noting && (
        <NoteEditor
          anchor={anchor.current}
          note={run.note ?? ''}
          onClose={() => setNoting(false)}
          onSave={(note) => rate(run.rating, note.trim() === '' ? undefined : note)}
        />
      )}
    </>
  );
}

interface NoteEditorProps {
  anchor: HTMLElement | null;
  note: string;
  onClose: () => void;
  onSave: (note: string) => void;
}

function NoteEditor({ anchor, note, onClose, onSave }: NoteEditorProps) {
  const [text, setText] = useState(note);
  return (
    <Popover anchor={anchor} role="dialog" label="Note on this answer" class="note-editor" onClose={onClose}>
      <TextArea value={text} rows={3} onText={setText}>
        Note
      </TextArea>
      <Button
        onClick={() => {
          onSave(text);
          onClose();
          anchor?.focus();
        }}
      >
        Save
      </Button>
    </Popover>
  );
}
