import type { OutputSpec } from '../../models/chat-model.ts';
import { normalizeStructuredAnswer } from '../../models/transport/structured/structured-answer.ts';
import type { SchemaCheck } from '../events.ts';

/**
 * Checks an answer against the prompt's own schema, even if the provider was given a stricter one: nulls that it had to
 * write for optional properties are removed first, and `text` is then the answer without them.
 */
export async function checkAnswer(output: OutputSpec, text: string): Promise<{ text: string; check: SchemaCheck }> {
  const normal = normalizeStructuredAnswer(text, output.schema);
  const answer = normal?.changed ? normal.text : text;
  const { checkOutput } = await import('../../prompts/schema/check-output.ts');
  // Without a schema any JSON will do.
  const checked = await checkOutput(output.schema ?? {}, answer);
  return { text: answer, check: checked.valid ? { valid: true } : { valid: false, problems: checked.problems } };
}
