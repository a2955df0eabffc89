import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { importPrompts } from '../../../../src/core/prompts/import/import-prompts.ts';
import { namedFileReader } from '../../../../src/core/prompts/import/named-files.ts';
import { parsePrompt } from '../../../../src/core/prompts/parse.ts';
import { renderPrompt } from '../../../../src/core/prompts/render/render.ts';

const FOLDER = path.join(import.meta.dirname, '../../../fixtures/import-exact');

type GoldenPart =
  | string
  | { media: string }
  | { call: string; name: string; input: unknown }
  | { result: string; output: string };

/** What the original tool renders from a file; `by` names the tool. See README.md in the folder. */
interface Golden {
  file: string;
  prompt: string;
  input: Record<string, unknown>;
  messages: { role: string; parts: GoldenPart[] }[];
  by: string;
}

const GOLDEN = JSON.parse(readFileSync(path.join(FOLDER, 'cases.json'), 'utf8')) as Golden[];

async function importExact(file: string) {
  const whole = path.join(FOLDER, file);
  return importPrompts(file, readFileSync(whole, 'utf8'), { readFile: namedFileReader(path.dirname(whole), [FOLDER]) });
}

async function rendered(text: string, input: Record<string, unknown>): Promise<Golden['messages']> {
  const { prompt, diagnostics } = parsePrompt(text);
  expect(diagnostics).toEqual([]);
  const env = { partials: async () => undefined, workspaceRoots: [], promptDir: undefined };
  // The original tool accepts values that no text input accepts.
  const known = Object.keys((prompt.input.schema?.properties ?? {}) as Record<string, unknown>);
  const own = Object.fromEntries(Object.entries(input).filter(([name]) => known.includes(name)));
  const { messages } = await renderPrompt(prompt, { input: own }, env);
  return messages.map(({ role, parts }) => ({
    role,
    parts: parts.map((part): GoldenPart => {
      if (part.type === 'text') return part.text;
      if (part.type === 'media') return { media: part.url };
      if (part.type === 'tool-call') return { call: part.id, name: part.name, input: part.input };
      if (part.type === 'tool-result') return { result: part.id, output: String(part.output) };
      return { media: part.type };
    }),
  }));
}

describe('an imported prompt renders exactly like the original', () => {
  it.each(GOLDEN)('$file: $prompt, as by $by: %#', async ({ file, prompt, input, messages }) => {
    const { prompts } = await importExact(file);
    const found = prompts.find(({ name }) => name === prompt);
    expect(found, prompts.map(({ name }) => name).join(', ')).toBeDefined();
    expect(await rendered(found?.text ?? '', input), found?.text).toEqual(messages);
  });
});
