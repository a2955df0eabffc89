/** Of a name that is too long the end stays: that is where its versions and dates differ. */
const TAIL = 12;

/**
 * `anthropic/claude-opus-4-7-20260115`: where it is too long for its place, the connection is cut first, then the model in
 * its middle, never at its end.
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
