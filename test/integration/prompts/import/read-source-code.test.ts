import { beforeAll, describe, expect, it } from 'vitest';
import { importPrompts } from '../../../../src/core/prompts/import/import-prompts.ts';

/** The parser needs the square of this text's length. */
const SLOW = 'A_PROMPT = """'.repeat(50_000);

/** A thread that is still loading its code has not reached any line. */
beforeAll(async () => {
  await importPrompts('a.py', 'A_PROMPT = "Say hello to {name}."');
});

describe('a program', () => {
  it('that takes too long is rejected with the line that was reached', async () => {
    const text = `A = 1\nB = 2\n${SLOW}`;
    await expect(importPrompts('a.py', text, { timeoutMs: 1_500 })).rejects.toMatchObject({
      code: 'usage',
      message: 'a.py takes too long to read (line 3).',
      hint: 'Put the prompt into its own file and import that file.',
    });
  });

  it('that is nested too deeply is rejected with its line', async () => {
    const text = `A = 1\nA_PROMPT = ${'('.repeat(20_000)}`;
    await expect(importPrompts('a.py', text)).rejects.toMatchObject({
      code: 'usage',
      message: 'a.py is nested too deeply to be read (line 2).',
    });
  });

  it('is no longer read after the import is cancelled', async () => {
    const controller = new AbortController();
    const reading = importPrompts('a.py', SLOW, { signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('is read while another one keeps its thread busy', async () => {
    const slow = importPrompts('slow.py', SLOW, { timeoutMs: 2_000 }).catch(() => 'refused');
    const { prompts } = await importPrompts('a.py', 'A_PROMPT = "Say hello to {name}."');
    expect(prompts.map(({ name }) => name)).toEqual(['a']);
    expect(await slow).toBe('refused');
  });
});
