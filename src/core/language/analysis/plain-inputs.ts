import type { AnalyzedPrompt } from '../syntax/tree.ts';
import { statementsOf } from '../syntax/walk-tree.ts';

/** The inputs that a template only prints as `{{name}}`: no condition, loop, helper or partial uses them. */
export function plainInputs({ tree, references }: AnalyzedPrompt): Set<string> {
  const statements = [...statementsOf(tree.template.body)];
  // A partial sees every input, and this file cannot know how it uses them.
  if (statements.some(({ kind }) => kind === 'partial' || kind === 'error')) return new Set();
  const printed = new Set(
    statements.flatMap((statement) => {
      if (statement.kind !== 'mustache') return [];
      const { path, params, hash } = statement.call;
      return path.kind === 'path' && params.length === 0 && hash.length === 0 ? [path.range.start] : [];
    }),
  );
  const inputs = references.filter(({ kind }) => kind === 'input');
  const used = inputs.filter(({ pathRange, rest }) => !printed.has(pathRange.start) || rest.length > 0);
  const plain = new Set(inputs.map(({ name }) => name));
  for (const { name } of used) plain.delete(name);
  return plain;
}
