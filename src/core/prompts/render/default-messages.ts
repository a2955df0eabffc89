import { UserError } from '../../base/errors.ts';
import type { Message } from '../../models/chat-model.ts';
import type { Prompt, RenderedPrompt } from '../prompt.ts';
import { inputFields } from '../schema/input-fields.ts';
import { placeholderInput } from '../schema/missing-inputs.ts';
import type { FilledWith } from './filled-with.ts';

/** Above any prompt that someone writes; the figure is shown automatically, so nothing large is rendered for it. */
const LONGEST_SOURCE = 500_000;

interface DefaultMessagesEnv {
  /** Renders within the limits for automatic rendering. */
  render(prompt: Prompt, input: Record<string, unknown>): Promise<Pick<RenderedPrompt, 'messages'>>;
  /** Partials and images are files that the workspace refers to: without trust none is read. */
  trusted: boolean;
}

interface DefaultMessages {
  /** Undefined if the default values produce more than may be rendered automatically. */
  messages: Message[] | undefined;
  filledWith: FilledWith;
}

/**
 * The messages of a prompt as it is in its file: with the default values of its inputs, with `{{name}}` for those
 * without, or the text of the template if it cannot be rendered (incomplete braces, a name for an image).
 */
export async function defaultMessages(prompt: Prompt, env: DefaultMessagesEnv): Promise<DefaultMessages> {
  if (!env.trusted) return templateMessage(prompt, 'untrusted');
  if (prompt.source.length > LONGEST_SOURCE) return templateMessage(prompt, 'large');
  const { defaults } = prompt.input;
  const rendered = await attempt(env, prompt, defaults, 'defaults');
  if (rendered) return rendered;
  const missing = inputFields(prompt).filter(({ name }) => defaults[name] === undefined);
  const draft = { ...prompt, input: { ...prompt.input, schema: undefined } };
  const input = { ...placeholderInput(missing), ...defaults };
  const drafted = missing.length === 0 ? undefined : await attempt(env, draft, input, 'names');
  return drafted ?? templateMessage(prompt, 'template');
}

/** Undefined if it cannot be rendered. */
async function attempt(
  { render }: DefaultMessagesEnv,
  prompt: Prompt,
  input: Record<string, unknown>,
  filledWith: FilledWith,
): Promise<DefaultMessages | undefined> {
  try {
    return { messages: (await render(prompt, input)).messages, filledWith };
  } catch (error) {
    if (!(error instanceof UserError && error.code === 'render-limit')) return undefined;
    return { messages: undefined, filledWith: 'too-much' };
  }
}

function templateMessage({ template }: Prompt, filledWith: FilledWith): DefaultMessages {
  return { messages: [{ role: 'user', parts: [{ type: 'text', text: template.text }] }], filledWith };
}
