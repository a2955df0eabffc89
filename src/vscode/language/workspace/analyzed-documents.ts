import type * as vscode from 'vscode';
import type { AnalyzedPrompt } from '../../../core/language/syntax/tree.ts';

interface Analyzed {
  version: number;
  prompt: Promise<AnalyzedPrompt>;
}

const analyzed = new WeakMap<vscode.TextDocument, Analyzed>();

/** The tree of a document, created once for each of its versions and shared by all features. */
export function analyzedDocument(document: vscode.TextDocument): Promise<AnalyzedPrompt> {
  const known = analyzed.get(document);
  if (known?.version === document.version) return known.prompt;
  const prompt = analyze(document.getText());
  analyzed.set(document, { version: document.version, prompt });
  return prompt;
}

async function analyze(source: string): Promise<AnalyzedPrompt> {
  const { analyzePrompt } = await import('../../../core/language/analysis/analyze.ts');
  return analyzePrompt(source);
}
