import * as vscode from 'vscode';
import type { Diagnostic, DiagnosticData, DiagnosticTag, Severity } from '../../core/prompts/prompt.ts';

const SEVERITIES: Record<Severity, vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

const TAGS: Record<DiagnosticTag, vscode.DiagnosticTag> = { unnecessary: vscode.DiagnosticTag.Unnecessary };

/** A diagnostic with the data for its quick fixes. VS Code passes the same object to the provider of code actions. */
export class PromptDiagnostic extends vscode.Diagnostic {
  readonly data: DiagnosticData | undefined;

  constructor(range: vscode.Range, { message, severity, data, tags = [] }: Diagnostic) {
    super(range, message, SEVERITIES[severity]);
    this.data = data;
    if (tags.length > 0) this.tags = tags.map((tag) => TAGS[tag]);
  }
}

/** Converts a diagnostic, with a link to the documentation of its code. */
export async function toDiagnostic(
  found: Diagnostic,
  at: (offset: number) => vscode.Position,
  { extensionUri }: { extensionUri: vscode.Uri },
): Promise<vscode.Diagnostic> {
  const { lineOfRule } = await import('../../core/language/diagnostics/diagnostic-rules.ts');
  const { code, range } = found;
  const diagnostic = new PromptDiagnostic(new vscode.Range(at(range.start), at(range.end)), found);
  const page = vscode.Uri.joinPath(extensionUri, 'media', 'docs', 'diagnostics.md');
  diagnostic.code = { value: code, target: page.with({ fragment: `L${lineOfRule(code)}` }) };
  diagnostic.source = 'LLMOps';
  return diagnostic;
}
