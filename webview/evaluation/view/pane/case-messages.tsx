import { useState } from 'preact/hooks';
import type { EvaluationMethods } from '../../../../src/protocol/evaluation.ts';
import { useLoaded } from '../../../shared/panel-context.ts';
import { MessageView } from '../../../shared/text/message-view.tsx';
import { useEvaluation } from '../../context.ts';

interface CaseMessagesProps {
  place: number;
  column: number;
}

type Messages = NonNullable<EvaluationMethods['case.messages']['result']>;

/** The messages as they were sent, which are rendered when this is opened. */
export function CaseMessages({ place, column }: CaseMessagesProps) {
  const { call, state } = useEvaluation();
  const isPrompt = useLoaded(state, ({ result }) => result.columns[column]?.sourceHash !== undefined);
  const [messages, setMessages] = useState<Messages | 'reading' | undefined>(undefined);
  if (!isPrompt) return null;
  const onToggle = async (event: Event) => {
    if (!(event.currentTarget as HTMLDetailsElement).open || messages !== undefined) return;
    setMessages('reading');
    const answer = await call('case.messages', { place, column });
    // an error is in the banner; the next opening tries again
    setMessages(answer && (answer.value ?? []));
  };
  return (
    <details class="case-messages" onToggle={(event) => void onToggle(event)}>
      <summary>Messages as sent</summary>
      {messages === 'reading' && <p class="dim">Rendering the prompt…</p>}
      {Array.isArray(messages) &&
        messages.map((message, index) => (
          <MessageView
            key={`${index}:${message.role}`}
            message={message}
            onLink={(url) => void call('link.open', { url })}
          />
        ))}
      {Array.isArray(messages) && messages.length === 0 && <p class="dim">The prompt is no longer known.</p>}
    </details>
  );
}
