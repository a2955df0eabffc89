import { CsvError, parse } from 'csv-parse/sync';
import { csvOptions } from './csv-records.ts';

/** A comma if both are possible: Excel writes semicolons if the comma is the decimal sign; some programs write tabs. */
const DELIMITERS = [',', ';', '\t'];
const RECORDS_LOOKED_AT = 20;

/** Excel's own first line, which declares the separator: `sep=;`. */
function readSeparatorLine(text: string): { delimiter: string; length: number } | undefined {
  const found = /^sep=([^\r\n])(?:\r\n|\r|\n|$)/i.exec(text);
  return found?.[1] === undefined ? undefined : { delimiter: found[1], length: found[0].length };
}

/** The separator of a table's columns, and the length of the line that declares it. */
export function detectDialect(
  beginning: string,
  { isWhole, isTabbed }: { isWhole: boolean; isTabbed: boolean },
): { delimiter: string; length: number } {
  if (isTabbed) return { delimiter: '\t', length: 0 };
  const declared = readSeparatorLine(beginning);
  return declared ?? { delimiter: detectDelimiter(beginning, isWhole), length: 0 };
}

/**
 * Detects the column separator from the beginning of a file: the delimiter that gives the header the most columns,
 * preferably among those that give every row the same number of values, more than one.
 */
function detectDelimiter(beginning: string, isWhole: boolean): string {
  const found = DELIMITERS.map((delimiter) => ({ delimiter, ...measure(delimiter, beginning, isWhole) }));
  const even = found.filter(({ columns, isEven }) => columns > 1 && isEven);
  const candidates = even.length > 0 ? even : found;
  return candidates.reduce((best, next) => (next.columns > best.columns ? next : best)).delimiter;
}

function measure(delimiter: string, text: string, isWhole: boolean): { columns: number; isEven: boolean } {
  const records: string[][] = [];
  try {
    const keep = (record: string[]) => {
      records.push(record);
      return record;
    };
    parse(text, { ...csvOptions({ delimiter }), to: RECORDS_LOOKED_AT, on_record: keep });
    // the last record may be incomplete
    if (!isWhole && records.length < RECORDS_LOOKED_AT) records.pop();
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const isCut = error.code === 'CSV_QUOTE_NOT_CLOSED' && !isWhole;
    // The header may be readable all the same, and names the columns.
    if (!isCut) return { columns: headerWidth(delimiter, text), isEven: false };
  }
  const [header, ...rows] = records;
  const columns = header?.length ?? 0;
  return { columns, isEven: rows.every((fields) => fields.length === columns) };
}

function headerWidth(delimiter: string, text: string): number {
  const [line = ''] = text.split(/[\r\n]/, 1);
  return line.replace(/"[^"]*"/g, '').split(delimiter).length;
}
