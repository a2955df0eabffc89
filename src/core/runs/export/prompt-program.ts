import { isRecord } from '../../../shared/is-record.ts';
import { analyzePrompt } from '../../language/analysis/analyze.ts';
import { plainInputs } from '../../language/analysis/plain-inputs.ts';
import type { JsonSchema } from '../../models/chat-model.ts';
import type { Connection } from '../../models/connection.ts';
import { splitFrontMatter } from '../../prompts/front-matter/front-matter.ts';
import type { InputField, Prompt } from '../../prompts/prompt.ts';
import type { Prompts } from '../../prompts/prompts.ts';
import { inputFields } from '../../prompts/schema/input-fields.ts';
import type { RunSpec } from '../events.ts';
import type { RunPlan } from '../prepare-runs.ts';
import { markInputs, type PromptProgram } from './prompt-as-code.ts';

/** What `promptAsCode` needs of a prompt: rendered with its defaults, and with marks in place of possible variables. */
export async function preparePromptProgram(
  prompt: Prompt,
  { model, connection }: { model: string; connection: Connection },
  { prompts, runs }: { prompts: Pick<Prompts, 'render'>; runs: { prepare(plan: RunPlan): RunSpec[] } },
): Promise<PromptProgram> {
  const values = Object.fromEntries(inputFields(prompt).map((field) => [field.name, sampleOf(field, prompt)]));
  const rendered = await prompts.render(prompt, { input: values });
  const marked = markInputs(values, plainInputs(analyzePrompt(prompt.source)));
  // A mark is not a number, so the schema is not checked.
  const free = { ...prompt, input: { ...prompt.input, schema: undefined } };
  const [spec] = runs.prepare({
    prompt,
    rendered,
    columns: [{ model, parameters: {}, promptCaching: false }],
    repeat: 1,
    input: values,
  });
  if (!spec) throw new Error('A plan of one column gave no run.');
  const { messages } = await prompts.render(free, { input: marked });
  const hasHeader = splitFrontMatter(prompt.source).header !== undefined;
  return { spec, connection, values, hasHeader, marked: messages };
}

function sampleOf({ name, type, schema, default: given }: InputField, { input, template }: Prompt): unknown {
  const value = input.defaults[name] ?? given;
  if (value !== undefined) return value;
  // A value that is not a URL cannot refer to an image.
  const isMedia = new RegExp(`\\{\\{~?media\\b[^}]*\\burl=${name}\\b`).test(template.text);
  return type === 'media' || isMedia ? 'https://example.com/picture.png' : sampleValue(name, schema);
}

/** A value that matches the schema: it shows the users of the program what to insert. */
function sampleValue(name: string, schema: JsonSchema): unknown {
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  switch ([schema.type].flat()[0]) {
    case 'number':
    case 'integer':
      return 1;
    case 'boolean':
      return true;
    case 'array':
      return isRecord(schema.items) ? [sampleValue(name, schema.items)] : [];
    case 'object': {
      const properties = Object.entries(isRecord(schema.properties) ? schema.properties : {});
      return Object.fromEntries(
        properties.map(([key, value]) => [key, sampleValue(key, isRecord(value) ? value : {})]),
      );
    }
    default:
      return `<${name}>`;
  }
}
