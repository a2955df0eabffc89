import type { EvalColumn } from '../eval-record.ts';

type Identity = Pick<EvalColumn, 'prompt' | 'model' | 'parameters'>;

/**
 * For each column of a result, the column of another one that it is compared with: the same prompt on the same model with
 * the same parameters, else on the same model, else the same prompt, else the only column. The version is what is compared,
 * so it does not count. Undefined if there is none, or if several would do.
 */
export function pairColumns(columns: readonly Identity[], others: readonly Identity[]): (number | undefined)[] {
  const rules: ((a: Identity, b: Identity) => boolean)[] = [
    (a, b) => a.prompt === b.prompt && a.model === b.model && sameParameters(a, b),
    (a, b) => a.prompt === b.prompt && a.model === b.model,
    (a, b) => a.prompt === b.prompt,
    (a, b) => a.model === b.model,
    () => columns.length === 1,
  ];
  return columns.map((column) => {
    for (const isPair of rules) {
      const found = others.flatMap((other, index) => (isPair(column, other) ? [index] : []));
      if (found.length === 1) return found[0];
    }
    return undefined;
  });
}

function sameParameters(a: Identity, b: Identity): boolean {
  return JSON.stringify(a.parameters) === JSON.stringify(b.parameters);
}
