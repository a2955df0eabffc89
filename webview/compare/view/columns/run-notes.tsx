import type { ComponentChildren } from 'preact';
import { formatCount } from '../../../../src/shared/format.ts';
import { Icon } from '../../../shared/controls/icon.tsx';
import { useCompare } from '../../context.ts';
import { noticeOf } from '../../describe-run.ts';
import type { Run } from '../../state.ts';

interface NotesProps {
  icon: 'warning' | 'error';
  title?: string;
  summary: ComponentChildren;
  /** A list, or a single paragraph. */
  children: string[] | string;
}

/** One line that expands. */
function Notes({ icon, title, summary, children }: NotesProps) {
  return (
    <details class={`notes ${icon}`}>
      <summary title={title}>
        <Icon name={icon} /> {summary}
      </summary>
      {typeof children === 'string' ? (
        <p>{children}</p>
      ) : (
        <ul>
          {children.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </details>
  );
}

/** What a reader of an answer has to know first: why it is incomplete, and what could not be applied or is invalid. */
export function RunNotes({ run }: { run: Run }) {
  const { texts } = useCompare().session;
  const { warnings, schemaCheck } = run;
  const [first, ...rest] = warnings;
  // above the answer, because the end of a long text is far away
  const notice = noticeOf(run, texts.get(run.runId, 'text') !== '');
  const problems = schemaCheck?.valid === false ? schemaCheck.problems : undefined;
  return (
    <>
      {notice && (
        <Notes icon={notice.icon} title={[notice.text, notice.more].filter(Boolean).join('\n')} summary={notice.text}>
          {[notice.text, notice.more].filter(Boolean).join(' ')}
        </Notes>
      )}
      {first && (
        <Notes
          icon="warning"
          title={first.message}
          summary={[rest.length > 0 && <b>{warnings.length} warnings: </b>, first.message]}
        >
          {warnings.map(({ message }) => message)}
        </Notes>
      )}
      {problems && (
        <Notes icon="error" summary={`does not match the schema: ${formatCount(problems.length, 'problem')}`}>
          {problems}
        </Notes>
      )}
    </>
  );
}
