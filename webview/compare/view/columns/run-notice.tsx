import { Icon } from '../../../shared/controls/icon.tsx';
import { useCompare } from '../../context.ts';
import { noticeOf } from '../../describe-run.ts';
import type { Run } from '../../state.ts';

/**
 * Explains above an answer why it is incomplete, because the end of a long text is far away. Expands to show what to
 * do.
 */
export function RunNotice({ run }: { run: Run }) {
  const { texts } = useCompare().session;
  const notice = noticeOf(run, texts.get(run.runId, 'text') !== '');
  if (!notice) return null;
  const { icon, text, more } = notice;
  return (
    <details class={`notes ${icon === 'error' ? 'error' : 'warning'}`}>
      <summary title={[text, more].filter(Boolean).join('\n')}>
        <Icon name={icon} /> {text}
      </summary>
      <p>{[text, more].filter(Boolean).join(' ')}</p>
    </details>
  );
}
