import { MessageView } from '../../shared/message-view.tsx';
import { useCompare, useCompareState } from '../context.ts';
import { ErrorAction } from './banners.tsx';
import { Section } from './section.tsx';

/** What will be sent, role by role, for the inputs as they are now. */
export function Messages() {
  const { call } = useCompare();
  const messages = useCompareState((state) => state.messages);
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
