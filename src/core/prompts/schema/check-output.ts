import { parseJson } from '../../base/json/json-depth.ts';
import type { JsonSchema } from '../../models/chat-model.ts';
import { validateValue } from './validate-input.ts';

type OutputCheck =
  | {
      valid: true;
      value: unknown;
      /** Where the JSON was found, if it is not the whole answer. */
      note?: string;
    }
  | { valid: false; problems: string[]; note?: string };

/** Checks an answer against a schema. JSON in a Markdown code fence is accepted, with a note about it. */
export async function checkOutput(schema: JsonSchema, text: string): Promise<OutputCheck> {
  const found = readJson(text);
  if ('problem' in found) return { valid: false, problems: [found.problem] };
  const note = found.note === undefined ? {} : { note: found.note };
  const problems = await validateValue(schema, found.value);
  if (problems.length === 0) return { valid: true, value: found.value, ...note };
  return { valid: false, problems: problems.map(({ path, message }) => `${path} ${message}`), ...note };
}

/** Reads an answer as JSON: all of it, or its first code fence with valid JSON. */
function readJson(text: string): { value: unknown; note?: string } | { problem: string } {
  const trimmed = text.replace(/^\ufeff/, '').trim();
  if (trimmed === '') return { problem: 'The answer is empty, but JSON was requested.' };
  const whole = tryParse(trimmed);
  if ('value' in whole) return whole;
  for (const fence of trimmed.matchAll(/^[ \t]*(`{3,}|~{3,})[ \t]*(\w*)[^\n]*\n([\s\S]*?)^[ \t]*\1[ \t]*$/gm)) {
    const inFence = tryParse((fence[3] ?? '').trim());
    if ('value' in inFence) return { value: inFence.value, note: 'The JSON was in a code fence.' };
  }
  return { problem: `The answer is not JSON: ${whole.reason}.` };
}

function tryParse(text: string): { value: unknown } | { reason: string } {
  try {
    return { value: parseJson(text) };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}
