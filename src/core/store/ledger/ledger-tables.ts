/**
 * Everything that costs, one row a request. It outlives runs and results: deleting these does not give the money back. The
 * index leaves out what nobody pays for, and has all that the sums of a day need.
 */
export const LEDGER_1 = `
CREATE TABLE ledger (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  connection TEXT,
  model TEXT,
  purpose TEXT NOT NULL,
  usd REAL,
  simulated INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX ledger_spent ON ledger (at, usd, purpose) WHERE simulated = 0;
INSERT INTO ledger (id, at, connection, model, purpose, usd, simulated)
  SELECT id, started_at, substr(model, 1, instr(model, '/') - 1), model, 'run', cost_usd, simulated FROM runs;
`;

/** What a request can cost is there before it is sent: a window that is killed leaves it behind, and others count it meanwhile. */
export const LEDGER_2 = `
ALTER TABLE ledger ADD COLUMN reserved INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger ADD COLUMN evaluation TEXT;
DROP INDEX ledger_spent;
CREATE INDEX ledger_spent ON ledger (at, usd, purpose, reserved) WHERE simulated = 0;
CREATE INDEX ledger_evaluation ON ledger (evaluation, usd, reserved) WHERE simulated = 0 AND evaluation IS NOT NULL;
`;
