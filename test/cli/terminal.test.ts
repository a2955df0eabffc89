import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { printResult } from '../../src/cli/commands/eval/print-result.ts';
import { createRunProgress } from '../../src/cli/commands/run/run-progress.ts';
import { printReport } from '../../src/cli/commands/run/run-report.ts';
import { formatTable } from '../../src/cli/output/table.ts';
import { createTerminal } from '../../src/cli/output/terminal.ts';
import { formatJson } from '../../src/core/base/json/format-json.ts';
import { openReport } from '../../src/core/evals/report/eval-report.ts';
import type { RunResult, RunSpec } from '../../src/core/runs/events.ts';
import { sanitize } from '../../src/shared/sanitize.ts';
import { sampleCase, sampleCell, sampleResult, storedResults } from '../unit/evals/report/sample-result.ts';

function open(env: Record<string, string>, isTTY: boolean) {
  const written: string[] = [];
  const stream = () => Object.assign(new EventEmitter(), { isTTY, write: (text: string) => written.push(text) > 0 });
  const streams = { stdout: stream(), stderr: stream() };
  return { ...streams, written, terminal: createTerminal(env, streams as never) };
}

describe('text from a model on a terminal', () => {
  it('cannot move the cursor, ring the bell, hide or reverse the text after it', () => {
    expect(sanitize('a\u001b[31mb\u0000c\u0007d\u009be\u007ff')).toBe('a␛[31mb␀c␇d<U+009B>e␡f');
    expect(sanitize('user\u202etxt.exe')).toBe('user<U+202E>txt.exe');
    expect(sanitize('over\rwrite')).toBe('over␍write');
  });

  it('keeps lines, tabs and every script', () => {
    const text = 'one\ttwo\nשלום مرحبا 你好 🎉\n';
    expect(sanitize(text)).toBe(text);
    expect(sanitize('a\r\nb')).toBe('a\nb');
  });

  it('is escaped only there: a file gets it unchanged', () => {
    expect(open({}, true).terminal.clean('\u001b[2J')).toBe('␛[2J');
    expect(open({}, false).terminal.clean('\u001b[2J')).toBe('\u001b[2J');
  });

  it('is always escaped in errors', () => {
    const { terminal, written } = open({}, false);
    terminal.err('\u001b]0;title\u0007');
    expect(written).toEqual(['␛]0;title␇']);
  });
});

describe('a terminal', () => {
  it('has styles unless NO_COLOR is set, it is dumb, or it is not a terminal', () => {
    expect(open({}, true).terminal.style.bold('x')).toBe('\u001b[1mx\u001b[0m');
    expect(open({ NO_COLOR: '1' }, true).terminal.style.bold('x')).toBe('x');
    expect(open({ TERM: 'dumb' }, true).terminal.style.bold('x')).toBe('x');
    expect(open({}, false).terminal.style.bold('x')).toBe('x');
  });

  it('does not treat a reader that stops early as a failure', () => {
    const { stdout, terminal } = open({}, false);
    stdout.emit('error', Object.assign(new Error('gone'), { code: 'EPIPE' }));
    expect(terminal.failure).toBeUndefined();
  });

  it('keeps the first failure of its output, and reports it once', () => {
    const failures: string[] = [];
    const stdout = Object.assign(new EventEmitter(), { isTTY: false });
    const streams = { stdout, stderr: new EventEmitter() };
    const terminal = createTerminal({}, streams as never, () => failures.push('failed'));
    for (const code of ['ENOSPC', 'EIO']) stdout.emit('error', Object.assign(new Error(code), { code }));
    expect(terminal.failure).toMatchObject({ code: 'ENOSPC' });
    expect(failures).toEqual(['failed']);
  });

  it('gets equivalent JSON that moves nothing', () => {
    const value = { 'a\u009b2J': ['\u202egnp', '\u001b]52;c;x\u0007', '\u007f', 'שלום'] };
    expect(formatJson(value, 2)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(JSON.parse(formatJson(value))).toEqual(value);
    expect(formatJson(value)).toContain('שלום');
  });

  it('gets a table whose cells stay in place', () => {
    const table = formatTable([{ title: 'A' }], [['x\u001b]8;;http://evil\u0007y\nz\u009b']], (head) => head);
    expect(table).toBe('A\nx␛]8;;http://evil␇y z<U+009B>\n');
  });

  it('aligns a table', () => {
    const table = formatTable(
      [{ title: 'A' }, { title: 'N', align: 'right' }],
      [
        ['long', '1'],
        ['x', '100'],
      ],
      (head) => head,
    );
    expect(table).toBe('A       N\nlong    1\nx     100\n');
  });
});

it('a model or version name from a file cannot control the terminal: neither in the report nor in the progress', () => {
  const evil = '\u001b]52;c;aGk=\u0007';
  const prompt = { name: `churn${evil}`, version: { label: `v1${evil}`, commit: 'abc' } } as RunSpec['prompt'];
  const spec = { runId: 'r', model: `demo/${evil}`, column: 0, repeat: 0, prompt } as RunSpec;
  const { terminal, written } = open({ NO_COLOR: '1' }, true);
  printReport([{ spec, result: createResult() }], terminal);
  const progress = createRunProgress([spec]);
  const drawn = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  progress.show({ type: 'run-retry', runId: 'r', attempt: 1, waitMs: 1, error: { code: 'server', message: '' } });
  const lines = drawn.mock.calls.map(([text]) => String(text).replace('\r\u001b[2K', ''));
  drawn.mockRestore();
  expect(lines.join('')).toContain('52;c;');
  expect([...written, ...lines].join('')).not.toMatch(/[\u001b\u0007]/);
});

it.each([true, false])(
  'a result of an evaluation has bold heads and no control characters: terminal %s',
  async (isTTY) => {
    const id = 'a\u001b]0;title\u0007';
    const scores = [{ value: 0, passed: false, reason: '\u001b[2J' }];
    const cells = [sampleCell(0, 'x', { state: 'failed', scores })];
    const mean = {
      metric: '\u009bequals',
      column: 0,
      mean: 0,
      interval: undefined,
      n: 1,
      missing: 0,
      baseline: undefined,
    };
    const gates = [{ gate: 'equals\u001bc', passed: false, reason: '\u0007' }];
    const summary = { metrics: [mean], gates, unmatched: { added: 0, removed: 0, changed: 0 } };
    const result = sampleResult({ cases: [sampleCase(id)], cells }, { summary });
    const stored = storedResults(result);
    const { terminal, written } = open({}, isTTY);
    await printResult(await openReport(stored, result.record.id), { terminal, isRecorded: true });
    const text = written.join('');
    expect(text.includes('\u001b[1mCOLUMN')).toBe(isTTY);
    expect(text.replace(/\u001b\[(?:0|1|31|32)m/g, '')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(text).toContain('a␛]0;title␇');
  },
);

function createResult(): RunResult {
  const figures = { usage: {}, usageEstimated: false, cost: { totalUsd: undefined }, ttftMs: 1, elapsedMs: 1 };
  const result = { state: 'done', text: '', toolCalls: [], warnings: [], finishReason: 'stop', figures };
  return result as unknown as RunResult;
}
