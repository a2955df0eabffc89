import Handlebars from 'handlebars/dist/cjs/handlebars.js';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Parser } from 'yaml';
import { analyzePrompt } from '../../../src/core/language/analysis/analyze.ts';
import { checkPrompt } from '../../../src/core/language/diagnostics/check-prompt.ts';
import { WorkspaceIndex } from '../../../src/core/language/workspace/workspace-index.ts';
import { loadPrompt } from '../../../src/core/prompts/load-prompt.ts';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import { inputFields } from '../../../src/core/prompts/schema/input-fields.ts';
import { loadPartials } from '../../../src/core/prompts/template/partials.ts';

beforeEach(() => {
  vi.spyOn(Parser.prototype, 'parse');
  vi.spyOn(Handlebars, 'parse');
  vi.spyOn(Handlebars, 'parseWithoutProcessing');
});
afterEach(() => {
  vi.restoreAllMocks();
});

const PATH = '/w/prompts/a.prompt';
const place = {
  path: PATH,
  root: '/w',
  files: {
    exists: async () => false,
    readText: async () => '',
    readBytes: async () => new Uint8Array(),
    realPath: async (path: string) => path,
  },
};
const textOf = (key: string) => `---
model: demo/swift-${key}
input:
  schema:
    name: any
---
{{role "user"}}
Hello {{name}}${key} {{>tone}}
`;

/** Diagnostics, a lens without a line for its model, the status bar, an inlay hint, Compare and Preview. */
async function readByAll(source: string): Promise<void> {
  const index = new WorkspaceIndex(() => ['/w']);
  checkPrompt(source, { path: PATH, workspace: index, analyzed: analyzePrompt(source) });
  parsePrompt(source, { path: PATH });
  for (const _ of ['status bar', 'inlay hint']) await loadPrompt(source, place);
  for (const _ of ['Compare', 'Preview']) {
    const { prompt } = await loadPrompt(source, place);
    inputFields(prompt);
    await loadPartials(prompt, { partials: async () => undefined });
  }
}

it('parses the text of a document once per key press, however many features read it', async () => {
  const keys = ['a', 'ab', 'abc'];
  for (const key of keys) await readByAll(textOf(key));
  const templates = [Handlebars.parse, Handlebars.parseWithoutProcessing].flatMap(
    (parse) => vi.mocked(parse).mock.calls,
  );
  expect(vi.mocked(Parser.prototype.parse)).toHaveBeenCalledTimes(keys.length);
  expect(templates).toHaveLength(keys.length);
});
