import { checkOutput } from '../../../prompts/schema/check-output.ts';
import { findSchemaProblem } from '../../../prompts/schema/validate-input.ts';
import type { Measured, ParameterValues, Scorer } from '../metric.ts';
import { isEqualJson, readAnswerJson } from './answer-json.ts';
import { valueAtPath } from './value-at-path.ts';

/** The answer matches the output schema of its prompt, by the same check as a run. */
export function createSchemaValid(): Scorer {
  return {
    score({ schema, output }) {
      if (!schema) return { value: null, reason: 'The prompt has no output schema.' };
      return checkSchema(schema, output);
    },
  };
}

/** The answer matches a JSON Schema of the metric. */
export function createJsonSchema({ schema }: ParameterValues): Scorer {
  return { score: ({ output }) => checkSchema(schema as Record<string, unknown>, output) };
}

async function checkSchema(schema: Record<string, unknown>, output: string): Promise<Measured> {
  // an invalid schema is no fault of the answer
  const invalid = await findSchemaProblem(schema);
  if (invalid !== undefined) return { value: null, reason: `The schema is not valid JSON Schema: ${invalid}.` };
  const checked = await checkOutput(schema, output);
  return checked.valid ? { value: 1, reason: checked.note } : { value: 0, reason: checked.problems.join('; ') };
}

/** The answer is JSON; with `strict`, without a code fence around it. */
export function createJsonValid({ strict }: ParameterValues): Scorer {
  return {
    async score({ output }): Promise<Measured> {
      const json = await readAnswerJson(output);
      if ('problem' in json) return { value: 0, reason: json.problem };
      return strict && json.note !== undefined ? { value: 0, reason: json.note } : { value: 1, reason: json.note };
    },
  };
}

/** The answer has a value at a path, and that value is the expected one if one is set. */
export function createJsonPath({ path, value: expected }: ParameterValues): Scorer {
  const place = String(path);
  return {
    async score({ output }): Promise<Measured> {
      const json = await readAnswerJson(output);
      if ('problem' in json) return { value: 0, reason: json.problem };
      const found = valueAtPath(json.value, place);
      if (found === undefined) return { value: 0, reason: `The answer has no ${place}.` };
      if (expected === undefined || isEqualJson(found, expected)) return { value: 1 };
      return { value: 0, reason: `${place} is ${JSON.stringify(found)}, not ${JSON.stringify(expected)}.` };
    },
  };
}
