import type { Diagnostic, Severity } from '../../prompts/prompt.ts';

/** The severity of a code where it is not the built-in one; `off` leaves it out. */
export type SeveritySetting = Readonly<Record<string, Severity | 'off'>>;

/** The diagnostics with the severities that the user has chosen, without those that are off. */
export function withChosenSeverity(found: readonly Diagnostic[], chosen: SeveritySetting | undefined): Diagnostic[] {
  return found.flatMap((diagnostic) => {
    const severity = chosen && Object.hasOwn(chosen, diagnostic.code) ? chosen[diagnostic.code] : undefined;
    if (severity === 'off') return [];
    return [isSeverity(severity) ? { ...diagnostic, severity } : diagnostic];
  });
}

/** A setting may hold anything. */
function isSeverity(value: unknown): value is Severity {
  return value === 'error' || value === 'warning' || value === 'info' || value === 'hint';
}
