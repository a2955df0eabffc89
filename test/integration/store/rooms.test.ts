import { expect, it } from 'vitest';
import { openMemoryDatabase } from '../../../src/core/store/database/database-file.ts';
import { ROOMS } from '../../../src/core/store/rooms.ts';

it('each table of the database belongs to exactly one room', () => {
  const db = openMemoryDatabase();
  const rows = db
    .prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .all();
  db.close();
  const virtual = rows.filter(({ sql }) => /^CREATE VIRTUAL/i.test(String(sql))).map(({ name }) => `${name}_`);
  // a full-text index stores its data in tables that are named after it
  const tables = rows
    .map(({ name }) => String(name))
    .filter((name) => !virtual.some((start) => name.startsWith(start)));
  const owned = Object.values(ROOMS).flatMap((room): readonly string[] => room.tables);
  expect([...owned].sort()).toEqual(tables.sort());
});
