import { useRef, useState } from 'preact/hooks';
import type { CodeLanguage } from '../../../src/protocol/compare.ts';
import { IconButton } from '../../shared/icon.tsx';
import { MenuButton } from '../../shared/menu.tsx';
import { Popover } from '../../shared/popover.tsx';
import { ownEnter } from '../../shared/run-key.ts';
import { Button, TextArea } from '../../ui.ts';
import { useCompare } from '../context.ts';
import { isLive } from '../derived.ts';
import type { Column, Run } from '../state.ts';
import { FollowUp } from './follow-up.tsx';

const LANGUAGES: [CodeLanguage, string][] = [
  ['curl', 'curl'],
  ['python', 'Python'],
  ['typescript', 'TypeScript'],
];

/** What can be done with an answer: rate, copy, look at what was sent, go on. */
export function ColumnFoot({ column, run }: { column: Column; run: Run | undefined }) {
  const { call } = useCompare();
  if (!run) return null;
  const { runId } = run;
  const copy = [
    { label: 'Copy answer', icon: 'copy', onPick: () => call('run.copy', { runId }) },
    ...LANGUAGES.map(([language, name]) => ({
      label: `Copy as ${name}`,
      icon: 'code',
      onPick: () => call('run.copyCode', { columnId: column.id, language }),
    })),
  ];
  const more = [
    {
      label: 'Open raw request',
      icon: 'arrow-up',
      onPick: () => call('run.openRaw', { runId, what: 'request' as const }),
    },
    {
      label: 'Open raw response',
      icon: 'arrow-down',
      onPick: () => call('run.openRaw', { runId, what: 'response' as const }),
    },
  ];
  const isLast = run === column.runs.at(-1) && run.toolCalls.length === 0;
  const isReady = run.state === 'done';
  // It stays while the reply is answered: the next one can be typed already.
  const canGoOn = isLast && (isReady || column.turns.length > 0);
  return (
    <div class="column-foot">
      {canGoOn && <FollowUp column={column} ready={isReady} />}
      <div class="foot-row">
        <Rating run={run} />
        <span class="spacer" />
        {run.servedModel && run.servedModel !== column.model.slice(column.model.indexOf('/') + 1) && (
          <span class="served dim" title={`Served by ${run.servedModel}`}>
            {run.servedModel}
          </span>
        )}
        <MenuButton icon="copy" label="Copy" items={copy} />
        <MenuButton icon="ellipsis" label="More" items={more} />
      </div>
    </div>
  );
}

function Rating({ run }: { run: Run }) {
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
  if (isLive(run)) return null;
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
  const save = () => {
    onSave(text);
    onClose();
    anchor?.focus();
  };
  return (
    <Popover anchor={anchor} role="dialog" label="Note on this answer" class="note-editor" onClose={onClose}>
      <TextArea value={text} rows={3} data-own-enter onText={setText} onKeyDown={ownEnter(save)}>
        Note
      </TextArea>
      <Button data-own-enter onClick={save} onKeyDown={ownEnter(save)}>
        Save
      </Button>
    </Popover>
  );
}
