import type { Database } from '../database/sqlite.ts';
import type { LedgerEntry } from './ledger-entry.ts';

const PUT = `INSERT INTO ledger (id, at, connection, model, purpose, usd, simulated, reserved, evaluation)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET usd = excluded.usd, model = excluded.model, simulated = excluded.simulated,
    reserved = excluded.reserved, evaluation = excluded.evaluation`;

/** Part of a transaction: with what was paid for. */
export function addEntries(db: Database, entries: readonly LedgerEntry[]): void {
  const put = db.prepare(PUT);
  for (const { id, at, connection, model, purpose, usd, simulated, reserved, evaluation } of entries) {
    const flags = [simulated ? 1 : 0, reserved ? 1 : 0];
    put.run(id, at, connection ?? null, model ?? null, purpose, known(usd), ...flags, evaluation ?? null);
  }
}

/** Part of a transaction: what a request has cost so far. */
export function updateCost(db: Database, id: string, usd: number | undefined): void {
  db.prepare('UPDATE ledger SET usd = ? WHERE id = ?').run(known(usd), id);
}

function known(usd: number | undefined): number | null {
  return usd !== undefined && Number.isFinite(usd) ? usd : null;
}
