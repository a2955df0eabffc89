import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { formatCost, formatCount, formatDuration, formatRate } from '../../src/cli/format.ts';
import { createTerminal, formatTable, sanitize } from '../../src/cli/terminal.ts';

function open(env: Record<string, string>, isTTY: boolean) {
  const written: string[] = [];
  const stream = () => Object.assign(new EventEmitter(), { isTTY, write: (text: string) => written.push(text) > 0 });
  const streams = { stdout: stream(), stderr: stream() };
  return { ...streams, written, terminal: createTerminal(env, streams as never) };
}

describe('text from a model on a terminal', () => {
  it('cannot move the cursor, ring, hide or turn what follows', () => {
    expect(sanitize('a\u001b[31mb\u0000c\u0007d\u009be\u007ff')).toBe('a␛[31mb␀c␇d<U+009B>e␡f');
    expect(sanitize('user\u202etxt.exe')).toBe('user<U+202E>txt.exe');
    expect(sanitize('over\rwrite')).toBe('over␍write');
  });

  it('keeps lines, tabs and every script', () => {
    const text = 'one\ttwo\nשלום مرحبا 你好 🎉\n';
    expect(sanitize(text)).toBe(text);
    expect(sanitize('a\r\nb')).toBe('a\nb');
  });

  it('is made harmless only there: a file gets it as it is', () => {
    expect(open({}, true).terminal.clean('\u001b[2J')).toBe('␛[2J');
    expect(open({}, false).terminal.clean('\u001b[2J')).toBe('\u001b[2J');
  });

  it('is always made harmless in errors', () => {
    const { terminal, written } = open({}, false);
    terminal.err('\u001b]0;title\u0007');
    expect(written).toEqual(['␛]0;title␇']);
  });
});

describe('a terminal', () => {
  it('has styles unless NO_COLOR is set, it is dumb, or it is none', () => {
    expect(open({}, true).terminal.style.bold('x')).toBe('\u001b[1mx\u001b[0m');
    expect(open({ NO_COLOR: '1' }, true).terminal.style.bold('x')).toBe('x');
    expect(open({ TERM: 'dumb' }, true).terminal.style.bold('x')).toBe('x');
    expect(open({}, false).terminal.style.bold('x')).toBe('x');
  });

  it('takes a reader that leaves early for no failure', () => {
    const { stdout } = open({}, false);
    expect(() => stdout.emit('error', Object.assign(new Error('gone'), { code: 'EPIPE' }))).not.toThrow();
    expect(() => stdout.emit('error', Object.assign(new Error('full'), { code: 'ENOSPC' }))).toThrow('full');
  });

  it('lines up a table', () => {
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

describe('figures', () => {
  it('show a dash for what is unknown, and 0 for 0', () => {
    const unknown = [formatCount(undefined), formatCost(undefined), formatDuration(undefined), formatRate(undefined)];
    expect(unknown).toEqual(['—', '—', '—', '—']);
    expect([formatCount(0), formatCost(0)]).toEqual(['0', '$0.0000']);
  });

  it('mark estimates', () => {
    expect([formatCount(1234, true), formatCost(1.5, true)]).toEqual(['≈1,234', '≈$1.50']);
  });

  it('keep two digits of the smallest costs, without an exponent', () => {
    expect([formatCost(0.00000123), formatCost(0.0098), formatCost(0.25), formatCost(12)]).toEqual([
      '$0.0000012',
      '$0.0098',
      '$0.2500',
      '$12.00',
    ]);
  });

  it('show times in the unit that fits', () => {
    expect([12.3, 1234, 65_432].map(formatDuration)).toEqual(['12 ms', '1.23 s', '65.4 s']);
  });
});
