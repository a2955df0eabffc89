import { type Database, inTransaction } from '../database/sqlite.ts';
import type { Room, RoomContext } from '../room.ts';
import type { LedgerEntry, LedgerPurpose, Spent, SpentByDay, SpentByModel, SpentByPurpose } from './ledger-entry.ts';
import { addEntries } from './write-ledger.ts';

const SUMS = 'total(usd) AS usd, count(*) AS requests, count(*) - count(usd) AS unknown';
const PAID = 'FROM ledger WHERE simulated = 0 AND at >= ?';

/** What was spent, whatever it was spent on. */
export const ledgerRoom = {
  tables: ['ledger'],
  methods: {
    /** For what has no rows of its own: runs and cells of evaluations bring their entries with them. */
    add({ db }: RoomContext, entries: readonly LedgerEntry[]): void {
      inTransaction(db, () => addEntries(db, entries));
    },
    /** Dollars spent since: known costs only, without the given ids and demo models, whose prices nobody pays. */
    spentUsd({ db }: RoomContext, since: number, except: readonly string[] = []): number {
      const row = db
        .prepare(`SELECT total(usd) AS spent ${PAID} AND id NOT IN (SELECT value FROM json_each(?))`)
        .get(since, JSON.stringify(except));
      return Number(row?.spent ?? 0);
    },
    /** The days on which something was spent, newest first. */
    byDay: ({ db }: RoomContext, since: number): SpentByDay[] =>
      sums(db, { by: `date(at / 1000, 'unixepoch', 'localtime')`, order: 'name DESC', since }).map(
        ({ name, ...spent }) => ({ day: name ?? '', ...spent }),
      ),
    /** The most expensive first. */
    byPurpose: ({ db }: RoomContext, since: number): SpentByPurpose[] =>
      sums(db, { by: 'purpose', order: 'usd DESC', since }).map(({ name, ...spent }) => ({
        purpose: name as LedgerPurpose,
        ...spent,
      })),
    /** The most expensive first. */
    byModel: ({ db }: RoomContext, since: number): SpentByModel[] =>
      sums(db, { by: 'model', order: 'usd DESC', since }).map(({ name, ...spent }) => ({ model: name, ...spent })),
  },
} satisfies Room;

function sums(
  db: Database,
  { by, order, since }: { by: string; order: string; since: number },
): ({ name: string | undefined } & Spent)[] {
  const rows = db.prepare(`SELECT ${by} AS name, ${SUMS} ${PAID} GROUP BY name ORDER BY ${order}, name`).all(since);
  return rows.map((row) => ({
    name: typeof row.name === 'string' ? row.name : undefined,
    usd: Number(row.usd),
    requests: Number(row.requests),
    unknown: Number(row.unknown),
  }));
}
