/**
 * A cell's number in its evaluation is (case × columns + column) × repeats + repeat − 1. `eval_cells` has what is read of a
 * few cells, scores with their reasons; `eval_chunks` the figures of all cells in binary form, 256 cells in a row, so that
 * statistics and filters read a few hundred rows instead of 100,000. Texts that SQLite's text type would change, because
 * of null bytes or lone surrogates, are stored as JSON in a blob.
 *
 * Hashes are spread over the whole of an index, and each batch writes the pages that it meets: indexes have only the ends
 * of cache keys and case ids (of JSON, so with a quote), which find the row or a few.
 */
export const EVALS_1 = `
CREATE TABLE evaluations (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  file TEXT,
  state TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  simulated INTEGER NOT NULL,
  repeats INTEGER NOT NULL,
  column_count INTEGER NOT NULL,
  metric_set INTEGER NOT NULL,
  cases INTEGER NOT NULL,
  cells INTEGER NOT NULL,
  passed INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  cached INTEGER NOT NULL,
  cost_usd REAL,
  input_tokens INTEGER,
  output_tokens INTEGER,
  bytes INTEGER NOT NULL DEFAULT 0,
  is_pinned INTEGER NOT NULL,
  -- its cells are deleted in several transactions, and the row in the last one
  is_deleted INTEGER NOT NULL DEFAULT 0,
  baseline_id TEXT,
  columns TEXT NOT NULL,
  error TEXT,
  summary TEXT,
  plan TEXT
);
CREATE INDEX evaluations_file ON evaluations (file, started_at);

-- The metrics of an evaluation. Scoring again with other metrics adds a set; cells that were not scored again have the old one.
CREATE TABLE eval_metric_sets (
  evaluation INTEGER NOT NULL, number INTEGER NOT NULL, metrics TEXT NOT NULL,
  PRIMARY KEY (evaluation, number)
) WITHOUT ROWID;

CREATE TABLE eval_cases (
  evaluation INTEGER NOT NULL,
  place INTEGER NOT NULL,
  id TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  group_name TEXT,
  tags TEXT,
  body TEXT NOT NULL,
  PRIMARY KEY (evaluation, place)
) WITHOUT ROWID;
CREATE INDEX eval_cases_id ON eval_cases (substr(id, -9));
CREATE INDEX eval_cases_tags ON eval_cases (evaluation, tags) WHERE tags IS NOT NULL;

CREATE TABLE eval_answers (
  id INTEGER PRIMARY KEY,
  cache_key TEXT,
  at INTEGER NOT NULL,
  cost_usd REAL,
  latency_ms REAL,
  output,
  details TEXT NOT NULL
);
CREATE INDEX eval_answers_key ON eval_answers (substr(cache_key, -8)) WHERE cache_key IS NOT NULL;

CREATE TABLE eval_cells (
  evaluation INTEGER NOT NULL,
  cell INTEGER NOT NULL,
  answer INTEGER NOT NULL,
  metric_set INTEGER NOT NULL,
  state TEXT NOT NULL,
  cached INTEGER NOT NULL,
  score REAL,
  rating TEXT,
  scores TEXT NOT NULL,
  comment TEXT,
  PRIMARY KEY (evaluation, cell)
) WITHOUT ROWID;
CREATE INDEX eval_cells_answer ON eval_cells (answer);

CREATE TABLE eval_chunks (
  evaluation INTEGER NOT NULL, chunk INTEGER NOT NULL, metric_set INTEGER NOT NULL, figures BLOB NOT NULL,
  PRIMARY KEY (evaluation, chunk)
);
`;

const IS_RATED = 'rating IS NOT NULL OR csat IS NOT NULL OR completed IS NOT NULL OR escalated IS NOT NULL';

/**
 * `rating` is thumbs up or down. Few answers are rated, so the index has a few rows and finds them at once. Results of
 * before have no `worked_ms`.
 */
export const EVALS_2 = `
ALTER TABLE evaluations ADD COLUMN worked_ms INTEGER;
ALTER TABLE evaluations ADD COLUMN working_since INTEGER;
ALTER TABLE eval_cells ADD COLUMN csat INTEGER;
ALTER TABLE eval_cells ADD COLUMN completed INTEGER;
ALTER TABLE eval_cells ADD COLUMN escalated INTEGER;
CREATE INDEX eval_cells_rated ON eval_cells (evaluation) WHERE ${IS_RATED};
`;

/** Only this condition uses the index. */
export const RATED_CELLS = `eval_cells INDEXED BY eval_cells_rated WHERE evaluation = ? AND (${IS_RATED})`;
