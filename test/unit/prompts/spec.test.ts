import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { picoschema } from 'dotprompt';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { JsonSchema, Message, Part } from '../../../src/core/models/chat-model.ts';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import { renderPrompt } from '../../../src/core/prompts/render/render.ts';
import { compilePicoschema } from '../../../src/core/prompts/schema/picoschema.ts';

/** Runs the cases of the public dotprompt specification through this project's own parser, compiler and renderer. */

interface SpecMessage {
  role: string;
  content: { text?: string; media?: { url: string; contentType?: string }; metadata?: unknown }[];
}
interface SpecData {
  input?: Record<string, unknown>;
  context?: Record<string, unknown>;
  messages?: SpecMessage[];
  docs?: unknown[];
}
interface SpecTest {
  desc?: string;
  data?: SpecData;
  options?: { input?: { default?: Record<string, unknown> } };
  expect: {
    messages?: SpecMessage[];
    config?: Record<string, unknown>;
    ext?: Record<string, unknown>;
    raw?: Record<string, unknown>;
    model?: string;
    input?: { schema?: unknown; default?: unknown };
    output?: { schema?: unknown; format?: string };
  };
}
interface SpecSuite {
  name: string;
  template: string;
  data?: SpecData;
  schemas?: Record<string, JsonSchema>;
  partials?: Record<string, string>;
  resolverPartials?: Record<string, string>;
  tests: SpecTest[];
}

const SPEC = join(import.meta.dirname, '../../fixtures/dotprompt-spec');
const files = readdirSync(SPEC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));

function toMessage({ role, content }: SpecMessage): Message {
  const parts = content.flatMap(({ text, media }): Part[] => {
    if (text !== undefined) return [{ type: 'text', text }];
    return media ? [{ type: 'media', ...media }] : [];
  });
  return { role: role === 'model' ? 'assistant' : (role as Message['role']), parts };
}

async function render(suite: SpecSuite, test: SpecTest) {
  const partials: Record<string, string> = { ...suite.partials, ...suite.resolverPartials };
  const { prompt, diagnostics } = parsePrompt(suite.template, { resolveSchema: (name) => suite.schemas?.[name] });
  const data = { ...suite.data, ...test.data };
  const rendered = await renderPrompt(
    prompt,
    {
      input: { ...test.options?.input?.default, ...data.input },
      history: (data.messages ?? []).map(toMessage),
      ...(data.context ? { context: data.context } : {}),
      ...(data.docs ? { docs: data.docs } : {}),
    },
    { partials: async (name) => partials[name], workspaceRoots: [], promptDir: undefined },
  );
  return { prompt, diagnostics, rendered };
}

describe('the dotprompt specification', () => {
  it('exists', () => expect(files.length).toBeGreaterThanOrEqual(8));

  for (const file of files) {
    const suites = parse(readFileSync(join(SPEC, file), 'utf8')) as SpecSuite[];
    for (const suite of suites) {
      suite.tests.forEach((test, index) => {
        it(`${basename(file, '.yaml')} › ${suite.name} › ${test.desc ?? index}`, async () => {
          const { prompt, diagnostics, rendered } = await render(suite, test);
          const expected = test.expect;
          expect(diagnostics).toEqual([]);
          if (expected.messages) expect(rendered.messages).toEqual(expected.messages.map(toMessage));
          if (expected.model) expect(prompt.model?.text).toBe(expected.model);
          if (expected.ext) expect(prompt.ext).toEqual(expected.ext);
          if (expected.raw) expect(prompt.frontMatter?.data).toEqual(expected.raw);
          if (expected.config) expect(prompt.frontMatter?.data.config ?? {}).toEqual(expected.config);
          if (expected.input?.schema) expect(prompt.input.schema).toEqual(expected.input.schema);
          if (expected.output?.schema) expect(prompt.output.schema).toEqual(expected.output.schema);
          if (expected.output?.format) expect(prompt.output.format).toBe(expected.output.format);
        });
      });
    }
  }

  it('produces the schemas of the dotprompt package', async () => {
    const { schemas, resolve } = schemaSamples();
    for (const schema of schemas) {
      const theirs = await picoschema(structuredClone(schema), {
        schemaResolver: async (name) => resolve(name) ?? null,
      });
      const ours = compilePicoschema(schema, resolve);
      expect(ours).toEqual({ schema: JSON.parse(JSON.stringify(theirs)), problems: [] });
    }
  });
});

function schemaSamples() {
  const suites = parse(readFileSync(join(SPEC, 'picoschema.yaml'), 'utf8')) as SpecSuite[];
  const named: Record<string, JsonSchema> = Object.assign({}, ...suites.map((suite) => suite.schemas ?? {}));
  const schemas = suites.flatMap(({ template }) => {
    const front = parsePrompt(template).prompt.frontMatter?.data as { output?: { schema?: unknown } } | undefined;
    return front?.output?.schema === undefined ? [] : [front.output.schema];
  });
  return { schemas, resolve: (name: string) => named[name] };
}
