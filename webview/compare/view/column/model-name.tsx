/** Of a name that is too long the end stays: that is where its versions and dates differ. */
const TAIL = 12;

/** `anthropic/claude-opus-4-7-20260115`: cut in its middle where it is too long for its place, never at its end. */
export function ModelName({ model }: { model: string }) {
  const slash = model.indexOf('/') + 1;
  const start = Math.max(slash, model.length - Math.min(TAIL, Math.floor((model.length - slash) / 2)));
  return (
    <bdi class="model-name">
      <span class="model-start">
        <span class="dim">{model.slice(0, slash)}</span>
        <b>{model.slice(slash, start)}</b>
      </span>
      <b class="model-end">{model.slice(start)}</b>
    </bdi>
  );
}
