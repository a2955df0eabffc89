import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/core/base/secrets/redact.ts';
import { cleanResult } from '../../../src/core/runs/answers/clean-result.ts';
import type { RunResult } from '../../../src/core/runs/events.ts';
import { cpuTimeMs } from '../cpu-time.ts';

const KEY = 'planted/key+0123456789';
const LOWER = encodeURIComponent(KEY).replace(/%../g, (code) => code.toLowerCase());
const { removeSecrets } = createRedactor([KEY]);

function makeResult(over: Partial<RunResult> = {}): RunResult {
  const text = over.text ?? 'fine';
  return {
    runId: 'r',
    state: 'done',
    simulated: false,
    text,
    rawText: undefined,
    reasoning: '',
    message: { role: 'assistant', parts: [{ type: 'text', text }] },
    toolCalls: [],
    finishReason: 'stop',
    rawFinishReason: undefined,
    servedModel: 'm',
    figures: {
      usage: { inputTokens: 1 },
      usageEstimated: false,
      cost: { totalUsd: undefined, inputUsd: undefined, outputUsd: undefined } as never,
      ttftMs: undefined,
      elapsedMs: 1,
      tokensPerSecond: undefined,
    },
    warnings: [],
    schemaCheck: undefined,
    error: undefined,
    startedAt: 1,
    endedAt: 2,
    ...over,
  };
}

describe('the finished result of a run', () => {
  it('is the same object if it contains no secret, or the connection has none', async () => {
    const result = makeResult({ text: 'x '.repeat(300_000) });
    expect(await cleanResult(result, removeSecrets)).toBe(result);
    const held = makeResult({ text: KEY });
    expect(await cleanResult(held, undefined)).toBe(held);
  });

  it('loses a secret in each of its texts, in any encoding', async () => {
    const result = makeResult({
      text: `a ${LOWER} b`,
      rawText: `<think>${KEY}</think>a ${LOWER} b`,
      reasoning: KEY,
      message: {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: KEY, signature: 'proof' },
          { type: 'text', text: `a ${LOWER} b` },
          { type: 'tool-call', id: 'c', name: 'n', input: { url: `https://h/?k=${LOWER}` } },
        ],
      },
      toolCalls: [{ id: 'c', name: 'n', input: { url: `https://h/?k=${LOWER}` } }],
      schemaCheck: { valid: false, problems: [`$ has no ${KEY}`] },
      error: { code: 'server', message: `it said ${LOWER}` },
    });
    const clean = await cleanResult(result, removeSecrets);
    expect(clean).toMatchObject({
      text: 'a [removed] b',
      rawText: '<think>[removed]</think>a [removed] b',
      reasoning: '[removed]',
      message: { parts: [{ type: 'reasoning', text: '[removed]' }, { type: 'text', text: 'a [removed] b' }, {}] },
    });
    expect(JSON.stringify(clean)).not.toMatch(/planted|%2f/i);
    expect(clean.figures).toEqual(result.figures);
  });

  it('loses a secret that is split across two parts of the turn', async () => {
    const result = makeResult({
      text: `say ${KEY} now`,
      message: {
        role: 'assistant',
        parts: [
          { type: 'text', text: `say ${KEY.slice(0, 9)}` },
          { type: 'reasoning', text: 'hm' },
          { type: 'text', text: `${KEY.slice(9)} now` },
        ],
      },
    });
    expect((await cleanResult(result, removeSecrets)).message.parts).toEqual([
      { type: 'text', text: 'say [removed] now' },
      { type: 'reasoning', text: 'hm' },
    ]);
  });

  it('is searched in pieces, including the borders between them', async () => {
    const line = `${'x'.repeat(60)} `;
    for (let shift = 0; shift < 90; shift++) {
      const text = `${'y'.repeat(128 * 1024 - 45 + shift)} ${KEY}\n${line.repeat(1000)}${LOWER}`;
      const clean = await cleanResult(makeResult({ text }), removeSecrets);
      expect(clean.text.split('[removed]')).toHaveLength(3);
      expect(clean.text).not.toContain('planted');
    }
  });

  it('never blocks the event loop for long, for answers of any length', async () => {
    const text = 'The rate is 12%, see C:\\temp or https://h/a%20b, says "s".\n'.repeat(140_000);
    let longest = 0;
    let last = cpuTimeMs();
    const timer = setInterval(() => {
      longest = Math.max(longest, cpuTimeMs() - last);
      last = cpuTimeMs();
    }, 1);
    await cleanResult(makeResult({ text }), removeSecrets);
    clearInterval(timer);
    expect(longest).toBeLessThan(250);
  });
});
