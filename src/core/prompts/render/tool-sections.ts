import { UserError } from '../../base/errors.ts';
import type { Message, Part } from '../../models/chat-model.ts';
import { decodePercent } from '../../models/transport/media.ts';

/**
 * How a template holds a tool's call and its result, which dotprompt has no helper for: as the text of a section.
 *
 *     {{role "model"}}{{section "llmops.tool-call/call_1/get_weather"~}}
 *     {"city": "Oslo"}
 *     {{~role "tool"}}{{section "llmops.tool-result/call_1"~}}
 *     4 °C, rain
 *
 * Id and name are percent-encoded (`encodeURIComponent`), since a section's name ends at its first blank. The text up to
 * the next marker belongs to the section: the arguments as JSON, or the output as it is. Other tools that read the format
 * see the same texts in the same messages.
 */
type ToolSection = { kind: 'call'; id: string; name: string } | { kind: 'result'; id: string };

/** The section name of a call, like `writeToolResultSection` for its result: for code that writes a template. */
export function writeToolCallSection(id: string, name: string): string {
  return `llmops.tool-call/${encodeURIComponent(id)}/${encodeURIComponent(name)}`;
}

export function writeToolResultSection(id: string): string {
  return `llmops.tool-result/${encodeURIComponent(id)}`;
}

/** Undefined for any other section, which only structures a text. */
export function readToolSection(purpose: string): ToolSection | undefined {
  const [, kind, id, name] = /^llmops\.tool-(call|result)\/([^/]+)(?:\/([^/]+))?$/.exec(purpose) ?? [];
  if (id === undefined) return undefined;
  if (kind === 'call')
    return name === undefined ? undefined : { kind, id: decodePercent(id), name: decodePercent(name) };
  return name === undefined ? { kind: 'result', id: decodePercent(id) } : undefined;
}

/** The part for a section and its text; the name of a result's tool is known from its call. */
export function toToolPart(section: ToolSection, text: string): Part {
  if (section.kind === 'result') return { type: 'tool-result', id: section.id, name: '', output: text };
  const { id, name } = section;
  if (text.trim() === '') return { type: 'tool-call', id, name, input: {} };
  try {
    return { type: 'tool-call', id, name, input: JSON.parse(text) };
  } catch (cause) {
    throw new UserError(`The arguments of the tool call \`${id}\` (${name}) are not valid JSON after rendering.`, {
      code: 'invalid-prompt',
      hint: 'Write them as a JSON object after the section; a text value needs {{json …}} or quotes.',
      cause,
    });
  }
}

/** Results get the names of their calls. */
export function nameToolResults(messages: Message[]): Message[] {
  const names = new Map<string, string>();
  for (const { parts } of messages) {
    for (const part of parts) {
      if (part.type === 'tool-call') names.set(part.id, part.name);
      if (part.type === 'tool-result' && part.name === '') part.name = names.get(part.id) ?? '';
    }
  }
  return messages;
}

/**
 * Throws for a conversation that no provider accepts: a tool message that answers no call would reach the model as the
 * user's text, and a call without a result is rejected by every server.
 */
export function refuseLooseTools(messages: readonly Message[], promptName: string): void {
  const open = new Map<string, string>();
  for (const { role, parts } of messages) {
    for (const part of parts) {
      if (part.type === 'tool-call') open.set(part.id, part.name);
      else if (part.type === 'tool-result') {
        if (!open.delete(part.id))
          throw loose(`the result of the tool call \`${part.id}\` has no call before it`, promptName);
      } else if (role === 'tool') throw loose('a tool message does not say which call it answers', promptName);
    }
    if (role !== 'assistant' && role !== 'tool' && open.size > 0) break;
  }
  const [unanswered] = open;
  if (unanswered)
    throw loose(`the tool call \`${unanswered[0]}\` (${unanswered[1]}) has no result after it`, promptName);
}

function loose(what: string, promptName: string): UserError {
  return new UserError(`${promptName} was not sent: ${what}.`, {
    code: 'invalid-prompt',
    hint:
      'Write the call in the model\'s message as {{section "llmops.tool-call/ID/NAME"}} followed by its arguments in JSON, ' +
      'and the result in the tool\'s message as {{section "llmops.tool-result/ID"}} followed by its text.',
  });
}
