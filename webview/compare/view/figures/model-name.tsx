/** The end of a long name is kept, because versions and dates are there. */
const TAIL = 12;

/**
 * `anthropic/claude-opus-4-7-20260115`: if it is too long, the connection is truncated first, then the middle of the
 * model name, never its end.
 */
export function ModelName({ model }: { model: string }) {
  const slash = model.indexOf('/') + 1;
  const start = Math.max(slash, model.length - Math.min(TAIL, Math.floor((model.length - slash) / 2)));
  return (
    <bdi class="model-name">
      {slash > 0 && (
        <>
          <span class="model-connection dim" style={{ minWidth: `${Math.min(slash - 1, 3)}ch` }}>
            {model.slice(0, slash - 1)}
          </span>
          <span class="dim">/</span>
        </>
      )}
      <b class="model-start">{model.slice(slash, start)}</b>
      <b class="model-end">{model.slice(start)}</b>
    </bdi>
  );
}
