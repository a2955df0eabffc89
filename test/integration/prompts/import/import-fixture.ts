import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { importPrompts } from '../../../../src/core/prompts/import/import-prompts.ts';
import { parsePrompt } from '../../../../src/core/prompts/parse.ts';
import { renderPrompt } from '../../../../src/core/prompts/render/render.ts';

export const FIXTURES = path.join(import.meta.dirname, '../../../fixtures/import');

export async function importFixture(file: string) {
  return importPrompts(file, readFileSync(path.join(FIXTURES, file), 'utf8'), {
    readFile: (relative) => readFile(path.join(FIXTURES, relative), 'utf8').catch(() => undefined),
  });
}

/** A value of the correct type for every input without a default. */
function sampleInput(schema: Record<string, unknown> | undefined, defaults: Record<string, unknown>) {
  const fields = Object.entries(
    (schema?.properties ?? {}) as Record<string, { type?: string | string[]; enum?: unknown[] }>,
  );
  return Object.fromEntries(
    fields.flatMap(([name, { type, enum: values }]): [string, unknown][] => {
      if (name in defaults) return [];
      if (values) return [[name, values[0]]];
      const given: Record<string, unknown> = { integer: 1, number: 1.5, boolean: true, array: [], object: {} };
      if (/url|image/.test(name)) return [[name, 'https://x.example/a.png']];
      return [[name, given[String([type].flat()[0])] ?? `<${name}>`]];
    }),
  );
}

/** The messages of a `.prompt` text, with sample inputs by default. */
export async function render(text: string, input?: Record<string, unknown>) {
  const { prompt, diagnostics } = parsePrompt(text);
  expect(diagnostics).toEqual([]);
  const { schema, defaults } = prompt.input;
  const rendered = await renderPrompt(
    prompt,
    { input: { ...sampleInput(schema, defaults), ...input } },
    { partials: async () => undefined, workspaceRoots: [], promptDir: undefined },
  );
  return rendered.messages.map(({ role, parts }) => ({
    role,
    text: parts.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('|'),
  }));
}
