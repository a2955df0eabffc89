import { UserError } from '../../base/errors.ts';
import type { Message } from '../../models/chat-model.ts';
import type { Prompt, RenderedPrompt } from '../prompt.ts';
import { inputFields } from '../schema/input-fields.ts';
import { placeholderInput } from '../schema/missing-inputs.ts';
import type { FilledWith } from './filled-with.ts';

/** Beyond any prompt that somebody writes; nobody asked for the figure, so nothing large is rendered for it. */
const LONGEST_SOURCE = 500_000;

export interface DefaultMessagesEnv {
  /** Renders within the limits of what nobody asked for. */
  render(prompt: Prompt, input: Record<string, unknown>): Promise<Pick<RenderedPrompt, 'messages'>>;
  /** Partials and pictures are files that the workspace names: without trust none is read. */
  trusted: boolean;
}

export interface DefaultMessages {
  /** Undefined where the defaults make more than may be rendered unasked. */
  messages: Message[] | undefined;
  filledWith: FilledWith;
}

/**
 * What a prompt would send as it is in its file: with the defaults of its inputs, with `{{name}}` for those that have
 * none, or the text of the template where it is not or cannot be rendered (half-typed braces, a name for a picture).
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

/** Undefined where it cannot be rendered. */
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
