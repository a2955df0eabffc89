import { useRef, useState } from 'preact/hooks';
import type { AnswerView } from '../../../../src/protocol/evaluation.ts';
import { IconButton } from '../../../shared/controls/icon.tsx';
import { Popover } from '../../../shared/controls/popover.tsx';
import { ownEnter } from '../../../shared/frame/run-key.ts';
import { Button, TextArea } from '../../../ui.ts';
import { useEvaluation } from '../../context.ts';

interface RateAnswerProps {
  place: number;
  column: number;
  answer: AnswerView;
}

/** Thumbs up or down and a comment, stored with the answer. */
export function RateAnswer({ place, column, answer }: RateAnswerProps) {
  const { call } = useEvaluation();
  const [commenting, setCommenting] = useState(false);
  const anchor = useRef<HTMLElement>(null);
  const { repeat, rating, comment } = answer;
  const rate = (changed: Partial<Pick<AnswerView, 'rating' | 'comment'>>) =>
    void call('answer.rate', { place, column, repeat, rating, comment, ...changed });
  const toggle = (next: 'up' | 'down') => rate({ rating: rating === next ? undefined : next });
  return (
    <>
      <IconButton
        icon={rating === 'up' ? 'thumbsup-filled' : 'thumbsup'}
        label="Good Answer"
        pressed={rating === 'up'}
        onClick={() => toggle('up')}
      />
      <IconButton
        icon={rating === 'down' ? 'thumbsdown-filled' : 'thumbsdown'}
        label="Bad Answer"
        pressed={rating === 'down'}
        onClick={() => toggle('down')}
      />
      <IconButton
        icon="note"
        label={comment ? 'Edit Comment' : 'Add Comment'}
        title={comment ?? 'Add Comment'}
        pressed={Boolean(comment)}
        popup="dialog"
        expanded={commenting}
        elementRef={anchor}
        onClick={() => setCommenting(!commenting)}
      />
      {commenting && (
        <CommentEditor
          anchor={anchor.current}
          comment={comment}
          onClose={() => setCommenting(false)}
          onSave={(text) => rate({ comment: text })}
        />
      )}
    </>
  );
}

interface CommentEditorProps {
  anchor: HTMLElement | null;
  comment: string | undefined;
  onClose: () => void;
  onSave: (text: string | undefined) => void;
}

function CommentEditor({ anchor, comment, onClose, onSave }: CommentEditorProps) {
  const [text, setText] = useState(comment ?? '');
  const save = () => {
    onSave(text.trim() === '' ? undefined : text);
    onClose();
    anchor?.focus();
  };
  return (
    <Popover anchor={anchor} role="dialog" label="Comment on This Answer" class="note-editor" onClose={onClose}>
      <TextArea value={text} rows={3} data-own-enter onText={setText} onKeyDown={ownEnter(save)}>
        Comment
      </TextArea>
      <Button data-own-enter onClick={save} onKeyDown={ownEnter(save)}>
        Save
      </Button>
    </Popover>
  );
}
