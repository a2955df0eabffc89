import { describe, expect, it } from 'vitest';
import { importPrompts } from '../../../../src/core/prompts/import/import-prompts.ts';
import { cpuTimeMs } from '../../../unit/cpu-time.ts';

/** A quadratic scan of this size takes minutes, a single pass a second or two. */
const LENGTH = 1_000_000;
const MOST_MS = 15_000;
/** Some of the programs cost their parser the square of their length: they are rejected at this limit. */
const PARSE_MS = 1_000;

const repeated = (unit: string) => unit.repeat(Math.ceil(LENGTH / unit.length));
const prompty = (body: string) => `---\nname: a\n---\nuser:\n${body}`;
const listed = (prompts: string) => `prompts:\n  - ${prompts}\n`;

describe('a malicious file of 1 MB is read in one pass', () => {
  it.each<[file: string, text: string]>([
    ['a.prompty', prompty(repeated('![a]('))],
    ['a.prompty', prompty(repeated('!['))],
    ['a.prompty', prompty(repeated('![a]({{x}})'))],
    ['a.prompty', prompty(repeated(' '))],
    ['a.prompty', prompty(repeated('system[\n'))],
    ['a.prompty', prompty(repeated('{% raw %}'))],
    ['a.prompty', prompty(repeated('{{ x }}'))],
    ['a.j2', repeated('{{')],
    ['a.txt', `x ${repeated('{{a|')}`],
    ['a.txt', `{a} ${repeated('\\')}`],
    ['a.json', JSON.stringify([{ role: 'user', content: repeated('{{ a') }])],
    ['a.json', JSON.stringify([{ role: 'user', content: repeated('<<<dotprompt:') }])],
    ['a.yaml', repeated('}')],
    ['a.yaml', listed(JSON.stringify(`[${repeated('{% for x in y %}"role"')}`))],
    ['a.yaml', listed(JSON.stringify(`[{"role":"user","content":"${repeated('{%')}`))],
    ['a.yaml', listed(JSON.stringify(`[{"role":"user","content":"${repeated('{#')}`))],
    ['a.yaml', listed(JSON.stringify(`[{"role":"user","content":"${repeated('"\n"')}`))],
    ['a.py', repeated('role="user", content')],
    ['a.jsonl', repeated('{{ x }}')],
    ['a.py', repeated('messages.create("')],
    ['a.py', repeated('A_PROMPT = """')],
    ['a.py', repeated('def f(')],
    ['a.ts', repeated('function f(')],
    ['a.ts', repeated("'messages.create(' ")],
  ])(
    '%s %#',
    async (file, text) => {
      const start = cpuTimeMs();
      const made = await importPrompts(file, text, { timeoutMs: PARSE_MS }).catch((error: unknown) => error);
      expect(cpuTimeMs() - start).toBeLessThan(MOST_MS);
      // It either contains prompts, or the reason why it contains none.
      expect(made).toSatisfy((value: object) => 'prompts' in value || ('code' in value && value.code === 'usage'));
    },
    60_000,
  );
});
