import type { Measured, ParameterValues, Scorer } from '../metric.ts';
import { withoutFence } from './without-fence.ts';

export const SQL_DIALECTS = ['postgresql', 'mysql', 'sqlite', 'bigquery'] as const;

type SqlDialect = (typeof SQL_DIALECTS)[number];

/** The parsers of `node-sql-parser`, one for each dialect: together they would be many megabytes. */
const loadParser = {
  postgresql: () => import('node-sql-parser/build/postgresql.js'),
  mysql: () => import('node-sql-parser/build/mysql.js'),
  sqlite: () => import('node-sql-parser/build/sqlite.js'),
  bigquery: () => import('node-sql-parser/build/bigquery.js'),
};

/** The answer is one or several statements in the grammar of a dialect. Whether its tables exist is not known. */
export async function createSqlValid({ dialect = 'postgresql' }: ParameterValues): Promise<Scorer> {
  const loaded = await loadParser[dialect as SqlDialect]();
  // bundled, a package in CommonJS has only the default export
  const { Parser } = 'Parser' in loaded ? loaded : (loaded as unknown as { default: typeof loaded }).default;
  const parser = new Parser();
  return {
    score({ output }): Measured {
      const sql = withoutFence(output).trim();
      if (sql === '') return { value: 0, reason: 'The answer is empty.' };
      try {
        parser.parse(sql, { database: String(dialect) });
        return { value: 1 };
      } catch (error) {
        return { value: 0, reason: describe(error) };
      }
    },
  };
}

function describe(error: unknown): string {
  const place = (error as { location?: { start?: { line: number; column: number } } }).location?.start;
  return place ? `Not valid at line ${place.line}, column ${place.column}.` : 'Not valid SQL.';
}
