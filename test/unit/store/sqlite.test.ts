import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/base/errors.ts';
import { silenceSqliteWarning } from '../../../src/core/store/database/sqlite.ts';
import { describeUnwritable, toStoreError } from '../../../src/core/store/database/sqlite-errors.ts';
import { parseSearch } from '../../../src/core/store/runs/search.ts';

const sqliteError = (errcode: number, message = 'broken') => Object.assign(new Error(message), { errcode });
const fileError = (code: string) => Object.assign(new Error(`${code}: no`), { code });

describe('toStoreError', () => {
  const cases: [string, unknown, RegExp, RegExp][] = [
    ['a busy database', sqliteError(5), /locked/, /Close the other window/],
    ['a stale snapshot', sqliteError(517), /locked/, /try again/],
    ['a full disk', sqliteError(13), /full/, /Free some space/],
    ['a full disk, reported by the file system', fileError('ENOSPC'), /full/, /Free some space/],
    ['a read-only database', sqliteError(8), /read-only/, /writable/],
    ['a damaged file that could not be set aside', sqliteError(11), /corrupted/, /Close other windows/],
    ['a failing disk', sqliteError(10, 'disk I/O error'), /disk I\/O error/, /folder/],
    ['something unforeseen', 'odd', /odd/, /try again/],
  ];
  for (const [what, error, message, hint] of cases) {
    it(`describes what happened, where, and what to do for ${what}`, () => {
      const storeError = toStoreError(error, '/repo/.llmops/llmops.db');
      expect(storeError).toMatchObject({ code: 'store', cause: error });
      expect(storeError.message).toMatch(message);
      expect(storeError.message).toContain('/repo/.llmops/llmops.db');
      expect(storeError.hint).toMatch(hint);
    });
  }

  it('does not change an error for the user', () => {
    const error = new UserError('x', { code: 'store-newer' });
    expect(toStoreError(error, 'p')).toBe(error);
  });
});

describe('describeUnwritable', () => {
  it('distinguishes an unwritable place from a lock and from corruption', () => {
    expect(describeUnwritable(fileError('EROFS'))).toContain('read-only');
    expect(describeUnwritable(fileError('EACCES'))).toContain('permission');
    expect(describeUnwritable(sqliteError(8))).toContain('read-only');
    expect(describeUnwritable(sqliteError(14, 'unable to open'))).toBe('unable to open');
    expect(describeUnwritable(sqliteError(5))).toBeUndefined();
    expect(describeUnwritable(sqliteError(11))).toBeUndefined();
    expect(describeUnwritable(new Error('x'))).toBeUndefined();
  });
});

describe('parseSearch', () => {
  it('quotes every word, so that no character has a special meaning', () => {
    expect(parseSearch('foo* OR -bar:x')).toEqual({ match: '"foo*"* AND "OR"* AND "-bar:x"*', pieces: [] });
  });

  it('keeps phrases together and drops unmatched quotes', () => {
    expect(parseSearch('"two words" " three')).toEqual({ match: '"two words" AND "three"*', pieces: [] });
    expect(parseSearch('"" "  "')).toEqual({ match: undefined, pieces: [] });
  });

  it('searches symbols and unspaced scripts as text', () => {
    expect(parseSearch('++ 解約 word')).toEqual({ match: '"word"*', pieces: ['++', '解約'] });
  });
});

describe('silenceSqliteWarning', () => {
  it('drops Node’s warning about SQLite and no other', () => {
    const { emitWarning } = process;
    const emitted: string[] = [];
    process.emitWarning = (warning: string | Error) => void emitted.push(String(warning));
    try {
      silenceSqliteWarning();
      process.emitWarning('SQLite is an experimental feature and might change at any time', 'ExperimentalWarning');
      process.emitWarning('something else', 'DeprecationWarning');
    } finally {
      process.emitWarning = emitWarning;
    }
    expect(emitted).toEqual(['something else']);
  });
});
