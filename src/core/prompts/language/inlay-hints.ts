import { dollars } from './model-facts.ts';
import { findEntry } from './schema-variables.ts';
import { type FigureContext, segmentFigures } from './segment-figures.ts';
import type { AnalyzedPrompt } from './tree.ts';

export interface InlayHint {
  offset: number;
  label: string;
  tooltip: string;
}

export interface InlayHintContext extends FigureContext {
  tokens: boolean;
  cost: boolean;
}

/** Behind each role its tokens; behind the model what a thousand runs of this text cost as input. */
export async function inlayHints(prompt: AnalyzedPrompt, context: InlayHintContext): Promise<InlayHint[]> {
  if (!context.tokens && !context.cost) return [];
  const { model, segments } = await segmentFigures(prompt, context);
  const hints: InlayHint[] = [];
  if (context.tokens) {
    for (const { segment, tokens } of segments) {
      if (!segment.markerRange) continue;
      const tooltip = 'An estimate of this message as it stands, without the values of its variables.';
      hints.push({ offset: segment.markerRange.end, label: `≈ ${tokens.toLocaleString('en')} tokens`, tooltip });
    }
  }
  const { frontMatter } = prompt.tree;
  const written = frontMatter && findEntry(frontMatter.root, ['model'])?.value;
  const known = segments.every(({ usd }) => usd !== undefined) && segments.length > 0;
  if (context.cost && written && known && model) {
    const usd = segments.reduce((sum, segment) => sum + (segment.usd ?? 0), 0);
    const tooltip = `An estimate of the input alone, at the prices of ${model.ref}: the answer and the values of variables come on top.`;
    hints.push({ offset: written.range.end, label: `≈ ${dollars(usd * 1000)} input for 1,000 runs`, tooltip });
  }
  return hints;
}
