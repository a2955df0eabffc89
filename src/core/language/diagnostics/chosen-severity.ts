import type { Diagnostic, Severity } from '../../prompts/prompt.ts';

/** The severity of a code if it is not the built-in one; `off` hides it. */
export type SeveritySetting = Readonly<Record<string, Severity | 'off'>>;

/** The diagnostics with the user's severities, without those that are off. */
export function withChosenSeverity(found: readonly Diagnostic[], chosen: SeveritySetting | undefined): Diagnostic[] {
  return found.flatMap((diagnostic) => {
    const severity = chosen && Object.hasOwn(chosen, diagnostic.code) ? chosen[diagnostic.code] : undefined;
    if (severity === 'off') return [];
    return [isSeverity(severity) ? { ...diagnostic, severity } : diagnostic];
  });
}

/** A setting may contain anything. */
function isSeverity(value: unknown): value is Severity {
  return value === 'error' || value === 'warning' || value === 'info' || value === 'hint';
}
