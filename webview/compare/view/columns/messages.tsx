import { formatList } from '../../../../src/shared/format.ts';
import { inputName } from '../../../../src/shared/input-path.ts';
import { MessageView } from '../../../shared/text/message-view.tsx';
import { useCompare, useCompareState } from '../../context.ts';
import type { CompareState } from '../../state.ts';
import { ErrorAction } from '../banners.tsx';
import { Section } from '../section.tsx';

/** The names of inputs without a value, if there is no other problem and no run was tried. */
function missingInputs({ messages, inputProblems, attempts = 0 }: CompareState): string | undefined {
  if (messages.ok || messages.error.code !== 'invalid-input' || attempts > 0) return undefined;
  if (inputProblems.length === 0 || inputProblems.some(({ message }) => message !== 'is missing')) return undefined;
  return formatList(inputProblems.map(({ path }) => inputName(path)));
}

/** The messages that will be sent for the current inputs, by role. */
export function Messages() {
  const { call } = useCompare();
  const messages = useCompareState((state) => state.messages);
  const missing = useCompareState(missingInputs);
  if (missing) {
    return (
      <Section id="messages" title="messages">
        <p class="dim">Fill in {missing} to see the messages.</p>
      </Section>
    );
  }
  const title = messages.ok ? `messages (${messages.messages.length})` : 'messages';
  return (
    <Section id="messages" title={title} problem={!messages.ok}>
      {messages.ok ? (
        messages.messages.map((message, index) => (
          <MessageView
            key={`${index}:${message.role}`}
            message={message}
            onLink={(url) => call('link.open', { url })}
          />
        ))
      ) : (
        <div class="problem">
          <p>{messages.error.message}</p>
          {messages.error.hint && <p>{messages.error.hint}</p>}
          <ErrorAction error={messages.error} />
        </div>
      )}
    </Section>
  );
}
