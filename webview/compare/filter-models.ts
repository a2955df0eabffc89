import type { ModelChoice } from '../../src/protocol/compare.ts';

/** Models with every word of the query in their reference or label. Models that can run now are first. */
export function filterModels(choices: readonly ModelChoice[], query: string): ModelChoice[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = choices.filter((choice) => {
    const text = `${choice.ref} ${choice.label}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return [...found.filter((choice) => !choice.blocked), ...found.filter((choice) => choice.blocked)];
}
