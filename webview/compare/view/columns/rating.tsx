import { useRef, useState } from 'preact/hooks';
import { IconButton } from '../../../shared/controls/icon.tsx';
import { Popover } from '../../../shared/controls/popover.tsx';
import { ownEnter } from '../../../shared/frame/run-key.ts';
import { Button, TextArea } from '../../../ui.ts';
import { useCompare } from '../../context.ts';
import type { Run } from '../../state.ts';

/** Thumbs up or down and a note, stored with the run. */
export function Rating({ run }: { run: Run }) {
  const [noting, setNoting] = useState(false);
  const anchor = useRef<HTMLElement>(null);
  const rate = useRate(run);
  const toggle = (rating: 'up' | 'down') => rate(run.rating === rating ? undefined : rating, run.note);
  return (
    <>
      <IconButton
        icon={run.rating === 'up' ? 'thumbsup-filled' : 'thumbsup'}
        label="Good Answer"
        pressed={run.rating === 'up'}
        onClick={() => toggle('up')}
      />
      <IconButton
        icon={run.rating === 'down' ? 'thumbsdown-filled' : 'thumbsdown'}
        label="Bad Answer"
        pressed={run.rating === 'down'}
        onClick={() => toggle('down')}
      />
      <span class="note-button">
        <IconButton
          icon="note"
          label={run.note ? 'Edit Note' : 'Add Note'}
          title={run.note ?? 'Add Note'}
          pressed={run.note !== undefined}
          popup="dialog"
          expanded={noting}
          elementRef={anchor}
          onClick={() => setNoting(!noting)}
        />
      </span>
      {noting && <NoteEditor anchor={anchor.current} run={run} onClose={() => setNoting(false)} />}
    </>
  );
}

function useRate({ runId }: Run): (rating: Run['rating'], note: Run['note']) => Promise<void> {
  const { call, session } = useCompare();
  return async (rating, note) => {
    const answer = await call('run.rate', { runId, rating, note });
    // The confirming message cannot contain an empty rating (JSON has no undefined), so the change is applied here.
    if (answer) session.applyLocally({ type: 'run-patch', runId, patch: { rating, note } });
  };
}

interface NoteEditorProps {
  anchor: HTMLElement | null;
  run: Run;
  onClose: () => void;
}

export function NoteEditor({ anchor, run, onClose }: NoteEditorProps) {
  const [text, setText] = useState(run.note ?? '');
  const rate = useRate(run);
  const save = () => {
    void rate(run.rating, text.trim() === '' ? undefined : text);
    onClose();
    anchor?.focus();
  };
  return (
    <Popover anchor={anchor} role="dialog" label="Note on This Answer" class="note-editor" onClose={onClose}>
      <TextArea value={text} rows={3} data-own-enter onText={setText} onKeyDown={ownEnter(save)}>
        Note
      </TextArea>
      <Button data-own-enter onClick={save} onKeyDown={ownEnter(save)}>
        Save
      </Button>
    </Popover>
  );
}
