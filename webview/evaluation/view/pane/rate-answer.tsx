import { useRef, useState } from 'preact/hooks';
import type { AnswerView, RatingChanges } from '../../../../src/protocol/evaluation.ts';
import { Icon, IconButton } from '../../../shared/controls/icon.tsx';
import { Popover } from '../../../shared/controls/popover.tsx';
import { ownEnter } from '../../../shared/frame/run-key.ts';
import { Button, TextArea } from '../../../ui.ts';
import { useEvaluation } from '../../context.ts';

interface RateAnswerProps {
  place: number;
  column: number;
  answer: AnswerView;
}

interface Choice {
  value: 'up' | 'down' | number | boolean;
  label: string;
  /** As in the tooltip, and for screen readers. */
  name: string;
  icon?: string;
}

const yesNo = (what: string): Choice[] => [
  { value: true, label: 'Yes', name: `${what}: Yes` },
  { value: false, label: 'No', name: `${what}: No` },
];

/** Named as the metrics that they enter. */
const RATINGS: readonly { field: 'rating' | 'csat' | 'completed' | 'escalated'; metric: string; choices: Choice[] }[] =
  [
    {
      field: 'rating',
      metric: 'thumbs',
      choices: [
        { value: 'up', label: '', name: 'Good Answer', icon: 'thumbsup' },
        { value: 'down', label: '', name: 'Bad Answer', icon: 'thumbsdown' },
      ],
    },
    {
      field: 'csat',
      metric: 'csat',
      choices: [1, 2, 3, 4, 5].map((value) => ({ value, label: String(value), name: `csat: ${value} of 5` })),
    },
    { field: 'completed', metric: 'completed', choices: yesNo('completed') },
    { field: 'escalated', metric: 'escalated', choices: yesNo('escalated') },
  ];

/**
 * What a person thinks of an answer, stored with it; pressing a choice again takes it back. The choices are one stop of Tab,
 * between which the arrow keys move.
 */
export function RateAnswer({ place, column, answer }: RateAnswerProps) {
  const { call } = useEvaluation();
  const [stop, setStop] = useState('rating:up');
  const { repeat } = answer;
  const rate = (changes: RatingChanges) => void call('answer.rate', { place, column, repeat, changes });
  return (
    <div class="rating-bar" role="toolbar" aria-label="Rating" onKeyDown={moveFocus}>
      {RATINGS.map(({ field, metric, choices }) => (
        // biome-ignore lint/a11y/useSemanticElements: buttons of a toolbar are no fields of a form
        <div key={field} class="rating" role="group" aria-label={metric}>
          {field !== 'rating' && (
            <span class="dim rating-name" aria-hidden="true">
              {metric}
            </span>
          )}
          {choices.map(({ value, label, name, icon }) => {
            const isChosen = answer[field] === value;
            const key = `${field}:${value}`;
            return (
              <button
                key={key}
                type="button"
                class="rating-choice"
                aria-pressed={isChosen}
                aria-label={name}
                title={isChosen ? `${name} (press again to clear)` : name}
                tabIndex={key === stop ? 0 : -1}
                onFocus={() => setStop(key)}
                onClick={() => rate({ [field]: isChosen ? null : value })}
              >
                {icon ? <Icon name={isChosen ? `${icon}-filled` : icon} /> : label}
              </button>
            );
          })}
        </div>
      ))}
    </div>
  );
}

function moveFocus(event: KeyboardEvent): void {
  const bar = event.currentTarget as HTMLElement;
  const choices = [...bar.querySelectorAll<HTMLElement>('button')];
  const at = choices.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: choices.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  choices[(to + choices.length) % choices.length]?.focus();
}

/** A note on the answer, in a popup. */
export function CommentAnswer({ place, column, answer }: RateAnswerProps) {
  const { call } = useEvaluation();
  const [commenting, setCommenting] = useState(false);
  const anchor = useRef<HTMLElement>(null);
  const { repeat, comment } = answer;
  return (
    <>
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
          onSave={(text) => {
            void call('answer.rate', { place, column, repeat, changes: { comment: text ?? null } });
          }}
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
