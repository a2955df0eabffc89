import type { ComponentChildren } from 'preact';
import type { Message } from '../../../src/protocol/compare.ts';
import { formatBytes, formatNumber } from '../../../src/shared/format.ts';
import { showControls } from './show-controls.ts';

/** Longer parts are truncated. The file and "Open Raw Request" have the full text. */
const MAX_SHOWN = 20_000;

interface MessageViewProps {
  message: Message;
  /** Shown next to the role: figures of this message. */
  aside?: ComponentChildren;
  /** Names of missing inputs, which the text shows as `{{name}}`. */
  missing?: readonly string[];
  onLink: (url: string) => void;
}

/** One message as it is sent: its role, and each of its parts as text. */
export function MessageView({ message, aside, missing, onLink }: MessageViewProps) {
  return (
    <div class={`message role-${message.role}`}>
      <div class="role">
        {message.role}
        {aside}
      </div>
      {message.parts.map((part, index) => (
        <PartView key={`${index}:${part.type}`} part={part} missing={missing} onLink={onLink} />
      ))}
    </div>
  );
}

type PartViewProps = { part: Message['parts'][number] } & Pick<MessageViewProps, 'missing' | 'onLink'>;

function PartView({ part, missing, onLink }: PartViewProps) {
  switch (part.type) {
    case 'text':
      return <PlainText text={part.text} missing={missing} />;
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

function PlainText({ text, missing = [] }: { text: string; missing?: readonly string[] | undefined }) {
  const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return (
    <div class="plain-text" dir="auto">
      {missing.length > 0 ? <Marked text={shown} missing={missing} /> : showControls(shown)}
      {shown !== text && <span class="dim"> ({formatNumber(text.length)} characters in total)</span>}
    </div>
  );
}

/** Marks each `{{name}}` or `{{name.field}}` of a missing input. */
function Marked({ text, missing }: { text: string; missing: readonly string[] }) {
  return text.split(/(\{\{[^{}]*\}\})/).map((piece, index) => {
    const written = index % 2 === 1 ? piece.slice(2, -2) : undefined;
    const name = missing.find((one) => written === one || written?.startsWith(`${one}.`));
    if (name === undefined) return showControls(piece);
    return (
      <mark key={index} class="placeholder" title={`${name} has no value yet`}>
        {piece}
      </mark>
    );
  });
}

interface MediaPartProps extends Pick<MessageViewProps, 'onLink'> {
  url: string;
  contentType: string | undefined;
}

/** Media is only named, never loaded, because loading it would send a network request. */
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
