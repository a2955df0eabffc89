import type { Message } from '../../../src/protocol/compare.ts';
import { showControls } from '../../shared/plain-text.ts';
import { useCompare, useCompareState } from '../context.ts';
import { ErrorAction } from './banners.tsx';
import { Section } from './section.tsx';

/** What will be sent, role by role, for the inputs as they are now. */
export function Messages() {
  const messages = useCompareState((state) => state.messages);
  const title = messages.ok ? `messages (${messages.messages.length})` : 'messages';
  return (
    <Section id="messages" title={title} problem={!messages.ok}>
      {messages.ok ? (
        messages.messages.map((message, index) => <MessageView key={`${index}:${message.role}`} message={message} />)
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

/** Longer parts are cut here; the file and "Open raw request" have the whole. */
const MAX_SHOWN = 20_000;

export function MessageView({ message }: { message: Message }) {
  return (
    <div class={`message role-${message.role}`}>
      <div class="role">{message.role}</div>
      {message.parts.map((part, index) => (
        <PartView key={`${index}:${part.type}`} part={part} />
      ))}
    </div>
  );
}

function PartView({ part }: { part: Message['parts'][number] }) {
  switch (part.type) {
    case 'text':
      return <PlainText text={part.text} />;
    case 'reasoning':
      return (
        <details>
          <summary>reasoning</summary>
          <PlainText text={part.text} />
        </details>
      );
    case 'media':
      return <MediaPart url={part.url} contentType={part.contentType} />;
    case 'tool-call':
      return <PlainText text={`${part.name}(${JSON.stringify(part.input, null, 2)})`} />;
    case 'tool-result':
      return <PlainText text={`${part.name}${part.isError ? ' failed' : ''} → ${part.output}`} />;
  }
}

export function PlainText({ text }: { text: string }) {
  const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return (
    <div class="plain-text" dir="auto">
      {showControls(shown)}
      {shown !== text && <span class="dim"> ({text.length.toLocaleString('en-US')} characters in all)</span>}
    </div>
  );
}

/** Named, never loaded: an address on the network would be asked for it. */
function MediaPart({ url, contentType }: { url: string; contentType: string | undefined }) {
  const { call } = useCompare();
  const data = /^data:([^;,]*)/.exec(url);
  const kind = contentType ?? data?.[1] ?? 'media';
  if (data) return <div class="dim">{`[${kind}, ${formatBytes(url.length * 0.75)}]`}</div>;
  return (
    <button type="button" class="link-button" title={url} onClick={() => call('link.open', { url })}>
      {`[${kind}: ${url.slice(0, 80)}]`}
    </button>
  );
}

function formatBytes(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
