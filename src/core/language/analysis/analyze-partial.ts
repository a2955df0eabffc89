import type { AnalyzedPrompt } from '../syntax/tree.ts';
import { analyzePrompt } from './analyze.ts';

/** Enough for the partials of one prompt, and of the next. */
const MOST_KNOWN = 200;
const known = new Map<string, AnalyzedPrompt>();

/** The cached tree of a partial's text: each check of a prompt needs those of its partials, which seldom change. */
export function analyzePartial(source: string): AnalyzedPrompt {
  const made = known.get(source);
  if (made) return made;
  if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value ?? '');
  const prompt = analyzePrompt(source);
  known.set(source, prompt);
  return prompt;
}
