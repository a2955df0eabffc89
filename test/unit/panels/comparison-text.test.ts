import { describe, expect, it } from 'vitest';
import { readFirstRows } from '../../../src/core/datasets/read-rows.ts';
import { type CopiedRun, comparisonCsv, comparisonMarkdown } from '../../../src/panels/compare/comparison-text.ts';

function aCopy(changes: Partial<CopiedRun> = {}): CopiedRun {
  return {
    model: 'openai/gpt',
    simulated: false,
    version: undefined,
    repeat: undefined,
    parameters: { temperature: 0.2, stopSequences: ['\n'] },
    input: { subject: 'the bill' },
    state: 'done',
    answer: 'Dear Ada',
    figures: {
      usage: { inputTokens: 335, outputTokens: 82 },
      usageEstimated: false,
      cost: { totalUsd: 0.00066 },
      ttftMs: 100,
      elapsedMs: 1620,
      tokensPerSecond: 50,
    },
    estimated: false,
    schema: { valid: true },
    error: undefined,
    stale: undefined,
    ...changes,
  };
}

const csv = (...runs: CopiedRun[]) => comparisonCsv({ prompt: 'prompts/reply.prompt', runs });
const markdown = (...runs: CopiedRun[]) => comparisonMarkdown({ prompt: 'prompts/reply.prompt', runs });
const rowsOf = (text: string) => readFirstRows('copy.csv', [Buffer.from(text)], { limit: 99 });

describe('a comparison as CSV', () => {
  it('has a row per answer with everything that was sent and received', async () => {
    const [row, demo] = await rowsOf(
      csv(aCopy(), aCopy({ model: 'demo/swift', simulated: true, version: 'v3', repeat: 2, estimated: true })),
    );
    expect(row).toEqual({
      prompt: 'prompts/reply.prompt',
      model: 'openai/gpt',
      version: 'working copy',
      repeat: '',
      'parameter.temperature': '0.2',
      'parameter.stopSequences': '["\\n"]',
      'input.subject': 'the bill',
      state: 'done',
      answer: 'Dear Ada',
      time_s: '1.62',
      time_to_first_token_s: '0.1',
      input_tokens: '335',
      output_tokens: '82',
      tokens_estimated: 'no',
      cost_usd: '0.00066',
      cost_kind: 'paid',
      fits_schema: 'yes',
      schema_problems: '',
      error: '',
      changed_since: '',
    });
    expect(demo).toMatchObject({ version: 'v3', repeat: '2', cost_kind: 'simulated, estimated' });
  });

  it.each(['=1+1', '+1', '-1+2', '@SUM(A1)', ' =HYPERLINK("x")', '\t=1', '\r\n=1', '＝1', '\u0000=1'])(
    'escapes %j as a formula, in answers, inputs and names',
    async (formula) => {
      const text = csv(aCopy({ answer: formula, input: { [formula]: formula }, error: formula }));
      const [row = {}] = await rowsOf(text.replaceAll('\u0000', ''));
      for (const cell of [row.answer, row.error]) expect(String(cell)).toMatch(/^'/);
      for (const cell of Object.values(row)) expect(String(cell)).not.toMatch(/^[\s\0]*[=+\-@＝]/);
    },
  );

  it('keeps every character of an answer, and leaves numbers unchanged', async () => {
    const answer = 'He said "no",\r\nthen\nleft; \u2028 ✓ ';
    const [row] = await rowsOf(csv(aCopy({ answer, input: { spend: -89.5 } })));
    expect(row).toMatchObject({ answer, 'input.spend': '-89.5' });
  });

  it.each(['a;=1+1', 'a\t=1+1'])('holds %j together where other marks divide cells', (answer) => {
    expect(csv(aCopy({ answer }))).toContain(`,"${answer}",`);
  });

  it('leaves unknown values empty', async () => {
    const [row] = await rowsOf(
      csv(aCopy({ figures: undefined, schema: undefined, state: 'failed', error: 'HTTP 500' })),
    );
    expect(row).toMatchObject({ cost_usd: '', cost_kind: '', input_tokens: '', fits_schema: '', error: 'HTTP 500' });
  });
});

describe('a comparison as Markdown', () => {
  it('has the figures in a table, and each answer below', () => {
    expect(
      markdown(
        aCopy(),
        aCopy({ model: 'demo/swift', simulated: true, schema: { valid: false, problems: ['$.a is missing'] } }),
      ),
    ).toBe(
      `# prompts/reply.prompt

Inputs:

\`\`\`json
{
  "subject": "the bill"
}
\`\`\`

| Model | Version | State | Time | Tokens in → out | Cost | Schema |
| --- | --- | --- | --- | --- | --- | --- |
| openai/gpt | working copy | done | 1.62 s | 335 → 82 | $0.00066 | valid |
| demo/swift | working copy | done | 1.62 s | 335 → 82 | $0.00066 (simulated) | invalid |

## openai/gpt

Parameters: \`temperature 0.2\`, \`stopSequences ["\\n"]\`

\`\`\`
Dear Ada
\`\`\`

## demo/swift

Parameters: \`temperature 0.2\`, \`stopSequences ["\\n"]\`

\`\`\`
Dear Ada
\`\`\`

Does not match the schema:
- $.a is missing
`,
    );
  });

  it('fences an answer with more backticks than it contains, anywhere', () => {
    const answer = 'Use\n````md\n```js\n1\n```\n````\nand `````';
    expect(markdown(aCopy({ answer }))).toContain(`\`\`\`\`\`\`\n${answer}\n\`\`\`\`\`\`\n`);
    expect(markdown(aCopy({ answer: '{"a": 1}' }))).toContain('```json\n{"a": 1}\n```');
  });

  it('escapes markup and cell separators in names and errors', () => {
    const text = markdown(aCopy({ model: 'a/b|c<img>', error: '# [x](y)\n| z' }));
    expect(text).toContain('| a/b\\|c\\<img\\> |');
    expect(text).toContain('Error: \\# \\[x\\](y) | z');
  });

  it('notes under each answer what was sent if inputs differ, and what has changed since', () => {
    const stale = 'inputs changed since this run';
    const text = markdown(aCopy({ stale }), aCopy({ input: { subject: 'the other bill' } }));
    expect(text.match(/Inputs:/g)).toHaveLength(2);
    expect(text).toContain(`| done; ${stale} |`);
  });
});
