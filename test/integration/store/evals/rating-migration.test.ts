import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { SCHEMA_VERSION } from '../../../../src/core/store/migrations.ts';
import { createStoreFolder } from '../temporary-store.ts';
import { makeCase, makeCell, makeResult } from './make-result.ts';

/** What the later steps add to schema 5, the first one with results of evaluations. */
const TO_SCHEMA_5 = `
  ALTER TABLE evaluations DROP COLUMN worked_ms;
  ALTER TABLE evaluations DROP COLUMN working_since;
  DROP INDEX eval_cells_rated;
  ALTER TABLE eval_cells DROP COLUMN csat;
  ALTER TABLE eval_cells DROP COLUMN completed;
  ALTER TABLE eval_cells DROP COLUMN escalated;
  DROP INDEX ledger_evaluation;
  DROP INDEX ledger_spent;
  ALTER TABLE ledger DROP COLUMN reserved;
  ALTER TABLE ledger DROP COLUMN evaluation;
  CREATE INDEX ledger_spent ON ledger (at, usd, purpose) WHERE simulated = 0;
  PRAGMA user_version = 5;
`;

test('a database with schema 5 keeps its ratings, comments and times, and takes new ratings', async () => {
  await using folder = await createStoreFolder();
  const before = await folder.open();
  await before.evals.create(makeResult({ id: 'r1' }));
  await before.evals.addCases('r1', 0, [makeCase(0), makeCase(1)]);
  await before.evals.addCells('r1', [makeCell(0, 0), makeCell(1, 0)]);
  const place = { case: 1, column: 0, repeat: 1 };
  await before.evals.rate('r1', place, { rating: 'down', comment: 'Too short' });
  const took = { startedAt: 1000, endedAt: 61_000, workedMs: undefined };
  await before.evals.create(makeResult({ id: 'ended', ...took, state: 'done', workingSince: undefined }));
  await before.close();
  const db = new DatabaseSync(folder.path);
  db.exec(TO_SCHEMA_5);
  expect(db.prepare('SELECT * FROM eval_cells WHERE rating IS NOT NULL').get()).not.toHaveProperty('csat');
  db.close();

  const store = await folder.open();

  const unrated = { csat: undefined, completed: undefined, escalated: undefined };
  expect(await store.evals.cells('r1', [1])).toMatchObject([{ rating: 'down', comment: 'Too short', ...unrated }]);
  expect(await store.evals.rated('r1')).toEqual({ places: [1], metrics: ['thumbs'] });
  await store.evals.rate('r1', place, { csat: 5 });
  expect(await store.evals.cells('r1', [1])).toMatchObject([{ rating: 'down', csat: 5 }]);
  expect(await store.evals.get('ended')).toMatchObject({ workedMs: 60_000, workingSince: undefined });
  const after = new DatabaseSync(folder.path, { readOnly: true });
  expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: SCHEMA_VERSION });
  after.close();
});
