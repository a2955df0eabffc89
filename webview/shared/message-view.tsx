import type { ComponentChildren } from 'preact';
import type { Message } from '../../src/protocol/compare.ts';
import { showControls } from './plain-text.ts';

/** Longer parts are cut here; the file and "Open raw request" have the whole. */
const MAX_SHOWN = 20_000;

interface MessageViewProps {
  message: Message;
  /** Beside the role: figures of this message. */
  aside?: ComponentChildren;
  onLink: (url: string) => void;
}

/** One message as it is sent: who speaks, and each of its parts as text. */
export function MessageView({ message, aside, onLink }: MessageViewProps) {
  return (
    <div class={`message role-${message.role}`}>
      <div class="role">
        {message.role}
        {aside}
      </div>
      {message.parts.map((part, index) => (
        <PartView key={`${index}:${part.type}`} part={part} onLink={onLink} />
      ))}
    </div>
  );
}

function PartView({ part, onLink }: { part: Message['parts'][number] } & Pick<MessageViewProps, 'onLink'>) {
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
      return <MediaPart url={part.url} contentType={part.contentType} onLink={onLink} />;
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

interface MediaPartProps extends Pick<MessageViewProps, 'onLink'> {
  url: string;
  contentType: string | undefined;
}

/** Named, never loaded: an address on the network would be asked for it. */
function MediaPart({ url, contentType, onLink }: MediaPartProps) {
  const data = /^data:([^;,]*)/.exec(url);
  const kind = contentType ?? data?.[1] ?? 'media';
  if (data) return <div class="dim">{`[${kind}, ${formatBytes(url.length * 0.75)}]`}</div>;
  return (
    <button type="button" class="link-button" title={url} onClick={() => onLink(url)}>
      {`[${kind}: ${url.slice(0, 80)}]`}
    </button>
  );
}

function formatBytes(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
