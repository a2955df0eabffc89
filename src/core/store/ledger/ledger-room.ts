import { type Database, inTransaction } from '../database/sqlite.ts';
import type { Room, RoomContext } from '../room.ts';
import { fitsBudget, isSpent } from './fits-budget.ts';
import type {
  LedgerEntry,
  LedgerLimit,
  LedgerPurpose,
  Reserved,
  Spent,
  SpentByDay,
  SpentByModel,
  SpentByPurpose,
  SpentOnEvaluation,
} from './ledger-entry.ts';
import { addEntries } from './write-ledger.ts';

const SUMS = 'total(usd) AS usd, count(*) AS requests, count(*) - count(usd) AS unknown, total(reserved) AS reserved';
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
    spentUsd: ({ db }: RoomContext, since: number, except: readonly string[] = []): number =>
      spentSince(db, since, except),
    /**
     * Adds the highest possible costs of requests that are to be sent, as far as they fit, in the order given. In one
     * transaction: two windows never get the same dollar.
     */
    reserve({ db }: RoomContext, entries: readonly LedgerEntry[], { since, limitUsd, except }: LedgerLimit): Reserved {
      return inTransaction(db, () => {
        const spentUsd = spentSince(db, since, except);
        let leftUsd = limitUsd === undefined ? Number.POSITIVE_INFINITY : limitUsd - spentUsd;
        const granted = entries.map(({ usd = 0 }) => {
          const fits = !isSpent(leftUsd) && fitsBudget(usd, leftUsd);
          if (fits) leftUsd -= usd;
          return fits;
        });
        const added = entries.filter(({ usd = 0 }, index) => granted[index] && usd > 0);
        addEntries(
          db,
          added.map((entry) => ({ ...entry, reserved: true })),
        );
        return { spentUsd, granted };
      });
    },
    /** For requests that were not sent after all. */
    release({ db }: RoomContext, ids: readonly string[]): void {
      db.prepare('DELETE FROM ledger WHERE reserved = 1 AND id IN (SELECT value FROM json_each(?))').run(
        JSON.stringify(ids),
      );
    },
    /** What an evaluation has spent, with what it may have spent on requests that did not say so. */
    spentOn({ db }: RoomContext, evaluation: string): SpentOnEvaluation {
      const row = db
        .prepare(
          `SELECT total(usd) AS usd, total(reserved) AS requests, total(CASE reserved WHEN 1 THEN usd END) AS reserved
          FROM ledger WHERE simulated = 0 AND evaluation = ?`,
        )
        .get(evaluation);
      return {
        usd: Number(row?.usd ?? 0),
        reservedUsd: Number(row?.reserved ?? 0),
        reservedRequests: Number(row?.requests ?? 0),
      };
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

function spentSince(db: Database, since: number, except: readonly string[]): number {
  const row = db
    .prepare(`SELECT total(usd) AS spent ${PAID} AND id NOT IN (SELECT value FROM json_each(?))`)
    .get(since, JSON.stringify(except));
  return Number(row?.spent ?? 0);
}

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
    reserved: Number(row.reserved),
  }));
}
