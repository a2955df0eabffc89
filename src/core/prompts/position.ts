/** Line and column, both counted from 1 as editors show them. */
export interface Position {
  line: number;
  column: number;
}

export function positionAt(source: string, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (const lineBreak of source.slice(0, offset).matchAll(/\r\n|\r|\n/g)) {
    line += 1;
    lineStart = lineBreak.index + lineBreak[0].length;
  }
  return { line, column: offset - lineStart + 1 };
}

/** Offsets at which each line starts; Handlebars counts `\r\n`, `\r` and `\n` as line breaks. */
export function lineStarts(source: string): number[] {
  const starts = [0];
  for (const lineBreak of source.matchAll(/\r\n|\r|\n/g)) starts.push(lineBreak.index + lineBreak[0].length);
  return starts;
}
