import { version } from '../../../../package.json';
import type { CheckedPrompt } from '../../../core/language/diagnostics/check-workspace.ts';
import type { DiagnosticRule } from '../../../core/language/diagnostics/diagnostic-rules.ts';
import { lineStarts } from '../../../core/prompts/position.ts';
import type { Diagnostic, Severity } from '../../../core/prompts/prompt.ts';

const LEVELS: Record<Severity, 'error' | 'warning' | 'note'> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
  hint: 'note',
};

/** Diagnostics as SARIF 2.1.0, which code hosts show next to changed lines. Paths are relative, with slashes. */
export function toSarif(
  files: readonly (CheckedPrompt & { relative: string })[],
  rules: Readonly<Record<string, DiagnosticRule>>,
): Record<string, unknown> {
  const codes = [...new Set(files.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'llmops', semanticVersion: version, rules: codes.map((code) => toRule(code, rules[code])) },
        },
        columnKind: 'utf16CodeUnits',
        results: files.flatMap((file) => toResults(file, codes)),
      },
    ],
  };
}

function toRule(id: string, rule: DiagnosticRule | undefined): Record<string, unknown> {
  if (!rule) return { id };
  return {
    id,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.help },
    help: { text: rule.help },
    defaultConfiguration: { level: LEVELS[rule.severity] },
  };
}

function toResults({ source, relative, diagnostics }: CheckedPrompt & { relative: string }, codes: string[]) {
  const place = createPlaces(source);
  return diagnostics.map(({ code, severity, message, range }: Diagnostic) => {
    const [start, end] = [place(range.start), place(range.end)];
    const region = { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
    const artifactLocation = { uri: relative.split('/').map(encodeURIComponent).join('/') };
    return {
      ruleId: code,
      ruleIndex: codes.indexOf(code),
      level: LEVELS[severity],
      message: { text: message },
      locations: [{ physicalLocation: { artifactLocation, region } }],
    };
  });
}

/** Converts offsets of a text to lines and columns, both starting at 1. */
export function createPlaces(source: string): (offset: number) => { line: number; column: number } {
  const starts = lineStarts(source);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
