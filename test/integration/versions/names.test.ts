import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkLabel,
  decodeName,
  encodeName,
  labelProblem,
  labelRef,
  nameOfPath,
  tagRef,
  toRepositoryPath,
} from '../../../src/core/versions/names/ref-names.ts';

describe('names of prompts in refs', () => {
  it('keeps a plain name and encodes the slash', () => {
    expect(encodeName('churn-analysis')).toBe('churn-analysis');
    expect(encodeName('prompts/churn-analysis')).toBe('prompts%2Fchurn-analysis');
    expect(tagRef('prompts/churn', 3)).toBe('refs/tags/prompt/prompts%2Fchurn/v3');
    expect(labelRef('churn', 'production')).toBe('refs/llmops/labels/churn/production');
  });

  it.each([
    '-rf',
    '..',
    'a..b',
    '.hidden',
    'x.lock',
    'a b',
    'tëst',
    '日本',
    'a~b^c:d?e*f[g\\h',
    '@',
    'a@{b}',
    '%41',
    'x.',
  ])('encodes %j as a component that git accepts, and decodes it', (name) => {
    const encoded = encodeName(name);
    execFileSync('git', ['check-ref-format', `refs/llmops/labels/${encoded}/production`]);
    expect(encoded).not.toMatch(/^-/);
    expect(decodeName(encoded)).toBe(name.normalize('NFC'));
  });

  it('decodes any encoded name, which uses characters that every file system keeps', () => {
    const names = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(names, (name) => {
        const encoded = encodeName(name);
        expect(encoded).toMatch(/^[A-Za-z0-9_%][A-Za-z0-9_%.-]*$/);
        expect(encoded).not.toMatch(/\.\.|\.lock$|\.$/i);
        expect(decodeName(encoded)).toBe(name.normalize('NFC'));
      }),
    );
  });

  it('names a prompt after its path without the extension, with slashes', () => {
    expect(nameOfPath('prompts\\de\\reply.formal.prompt')).toBe('prompts/de/reply.formal');
  });
});

describe('labels', () => {
  it.each(['production', 'staging', 'für Kunden', 'a/b', 'release-2026.11'])('takes %j', (label) => {
    expect(labelProblem(label)).toBeUndefined();
  });

  it.each(['', ' ', 'v3', 'V12', 'abc123', 'HEAD', 'a@b', 'a:b', 'x\ny', 'a'.repeat(101), ' padded'])(
    'rejects %j with a reason',
    (label) => {
      expect(labelProblem(label)).toEqual(expect.any(String));
      expect(() => checkLabel(label)).toThrow(/cannot be a label/);
    },
  );
});

describe('paths', () => {
  it('are relative to the repository with slashes', () => {
    expect(toRepositoryPath('/repo', '/repo/prompts/a b.prompt')).toBe('prompts/a b.prompt');
    expect(toRepositoryPath('/repo', '/repo/..a.prompt')).toBe('..a.prompt');
  });

  it.each(['/other/a.prompt', '/repo', '/repo/../a.prompt', '/repository/a.prompt'])('refuse %s outside', (file) => {
    expect(() => toRepositoryPath('/repo', file)).toThrow(/is not inside the repository/);
  });
});

it('never uses a name that Windows reserves for a device', () => {
  for (const name of ['con', 'NUL', 'aux.v2', 'com1']) {
    expect(encodeName(name)).toMatch(/^%/);
    expect(decodeName(encodeName(name))).toBe(name);
  }
  expect(encodeName('console')).toBe('console');
});
