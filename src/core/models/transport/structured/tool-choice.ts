import type { Capabilities } from '../../catalogue/capabilities.ts';
import type { ChatRequest, ChatWarning, ToolChoice } from '../../chat-model.ts';
import { unsupported } from '../request-warnings.ts';

/** The tool choice of a request. Providers reject one without tools: then it is left out, with a warning. */
export function readToolChoice(
  { tools, parameters }: ChatRequest,
  can: Capabilities,
  warnings: ChatWarning[],
): ToolChoice | undefined {
  const { toolChoice } = parameters;
  if (toolChoice === undefined || (tools?.length && can.tools !== false)) return toolChoice;
  if (toolChoice === 'required') {
    warnings.push(unsupported('toolChoice', "'required' was left out: the request has no tools"));
  }
  return undefined;
}
