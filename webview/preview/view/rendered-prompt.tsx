import { formatTokensExactly } from '../../../src/shared/format.ts';
import { IconButton } from '../../shared/controls/icon.tsx';
import { Tabs } from '../../shared/controls/tabs.tsx';
import { useObservable } from '../../shared/observable.ts';
import { MessageView } from '../../shared/text/message-view.tsx';
import { showControls } from '../../shared/text/show-controls.ts';
import { usePreview, usePreviewState } from '../context.ts';
import { ErrorAction } from './banners.tsx';

const TABS = [
  { id: 'messages', label: 'Messages' },
  { id: 'request', label: 'Request' },
] as const;

/** The rendered prompt: its messages, or the request body for the provider. */
export function RenderedPrompt() {
  const { tab } = usePreview();
  const active = useObservable(tab, (now) => now);
  const stale = usePreviewState((state) => state.error !== undefined);
  return (
    <main class="shown" data-region="rendered" aria-label="Rendered prompt">
      <Tabs id="shown" label="Rendered prompt format" tabs={TABS} active={active} onPick={tab.set} />
      <div
        class={`shown-body${stale ? ' stale' : ''}`}
        role="tabpanel"
        id="shown-panel"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reached by keyboard
        tabIndex={0}
        aria-label={active}
      >
        {active === 'messages' ? <Messages /> : <Request />}
      </div>
    </main>
  );
}

function Messages() {
  const { call } = usePreview();
  const rendered = usePreviewState((state) => state.rendered);
  if (!rendered) return <p class="dim">Fix the prompt and its inputs to see the messages.</p>;
  if (rendered.messages.length === 0) return <p class="dim">This prompt has no messages, because its text is empty.</p>;
  return (
    <div class="rendered">
      {rendered.messages.map(({ message, tokens }, index) => (
        <section key={`${index}:${message.role}`} aria-label={`${message.role} message`}>
          <MessageView
            message={message}
            missing={rendered.missing}
            aside={<span title="Estimated tokens of this message">{formatTokensExactly(tokens, true)} tok</span>}
            onLink={(url) => call('link.open', { url })}
          />
        </section>
      ))}
      <Rest />
    </div>
  );
}

/** What is sent in addition to the messages. Together they add up to the total in the header. */
function Rest() {
  const parts = usePreviewState((state) => state.rendered?.parts);
  if (!parts) return null;
  const rows = [
    { name: 'tools', tokens: parts.tools },
    { name: 'output schema', tokens: parts.schema },
    { name: 'start of the answer', tokens: parts.opening },
  ].filter(({ tokens }) => tokens > 0);
  if (rows.length === 0) return null;
  return (
    <ul class="rest dim" aria-label="Sent with the messages">
      {rows.map(({ name, tokens }) => (
        <li key={name}>
          {name} <span>{formatTokensExactly(tokens, true)} tok</span>
        </li>
      ))}
    </ul>
  );
}

function Request() {
  const { call } = usePreview();
  const request = usePreviewState((state) => state.rendered?.request);
  if (!request) return <p class="dim">Fix the prompt and its inputs to see the request.</p>;
  if (!request.ok) {
    return (
      <div class="problem">
        <p>{request.error.message}</p>
        {request.error.hint && <p>{request.error.hint}</p>}
        <ErrorAction error={request.error} />
      </div>
    );
  }
  return (
    <>
      <div class="request-head">
        <span class="dim">POST {showControls(request.url)}</span>
        <IconButton icon="copy" label="Copy Request Body" onClick={() => call('request.copy', undefined)} />
      </div>
      <pre class="request-body">{showControls(request.body)}</pre>
    </>
  );
}
