import { useState } from 'preact/hooks';
import { Icon } from '../../../shared/controls/icon.tsx';
import { ownEnter } from '../../../shared/frame/run-key.ts';
import { JsonTree } from '../../../shared/json/json-tree.tsx';
import { showControls } from '../../../shared/text/show-controls.ts';
import { Button, TextArea } from '../../../ui.ts';
import { useCompare } from '../../context.ts';
import { isLive } from '../../derived.ts';
import type { Column, Run } from '../../state.ts';

/** The tool calls of the model. The user enters the results, which continue the conversation. */
export function ToolCalls({ column, run }: { column: Column; run: Run }) {
  const { call } = useCompare();
  const [outputs, setOutputs] = useState<Record<string, string>>({});
  if (run.toolCalls.length === 0) return null;
  const last = run === column.runs.at(-1) && !isLive(run);
  const complete = run.toolCalls.every(({ id }) => (outputs[id] ?? '') !== '');
  const send = () => {
    const toolResults = run.toolCalls.map(({ id, name }) => ({ id, name, output: outputs[id] ?? '' }));
    void call('run.continue', { columnId: column.id, toolResults });
  };
  return (
    <div class="tool-calls">
      {run.toolCalls.map((tool) => (
        <div key={tool.id} class="tool-call">
          <div class="tool-name">
            <Icon name="tools" /> <b>{showControls(tool.name)}</b>
          </div>
          <JsonTree value={tool.input} label={`Arguments of ${tool.name}`} />
          {last && (
            <TextArea
              value={outputs[tool.id] ?? ''}
              rows={2}
              class="code"
              placeholder="Enter what the tool returns"
              data-own-enter
              onKeyDown={ownEnter(() => complete && send())}
              onText={(text) => setOutputs((now) => ({ ...now, [tool.id]: text }))}
            >
              Result of {tool.name}
            </TextArea>
          )}
        </div>
      ))}
      {last && (
        <Button appearance="secondary" disabled={!complete} onClick={send}>
          {run.toolCalls.length === 1 ? 'Send Result' : 'Send Results'}
        </Button>
      )}
    </div>
  );
}
