import { estimateMessageTokens, tokenFamily } from '../../models/prices/tokens.ts';
import type { AnalyzedPrompt, LanguageWorkspace, RoleSegment } from '../syntax/tree.ts';
import { modelOfPrompt, type PromptModel } from './prompt-model.ts';

/** Tokens and cost of one message of the template, before its variables are filled in: always an estimate. */
interface SegmentFigures {
  segment: RoleSegment;
  tokens: number;
  /** Dollars of input; undefined if the model or its price is unknown. */
  usd: number | undefined;
}

export interface FigureContext {
  workspace?: LanguageWorkspace | undefined;
  defaultModel?: string | undefined;
}

/** Loads the tokenizer on first use, so it is used only for hints and hovers, not for each keystroke. */
export async function segmentFigures(
  prompt: AnalyzedPrompt,
  context: FigureContext,
): Promise<{ model: PromptModel | undefined; segments: SegmentFigures[] }> {
  const model = modelOfPrompt(prompt.tree, context);
  const family = tokenFamily(model?.type ?? 'openai-compatible', model?.id ?? '');
  const price = model?.info?.inputUsdPerMillion;
  const segments: SegmentFigures[] = [];
  for (const segment of prompt.roles) {
    const start = segment.markerRange ? Math.max(segment.range.start, segment.markerRange.end) : segment.range.start;
    const text = prompt.tree.source.slice(start, segment.range.end);
    if (text.trim() === '' && segment.markerRange === undefined) continue;
    // With the message's frame, so that a message without variables has the same tokens as in the preview.
    const [tokens = 0] = await estimateMessageTokens([{ role: 'user', parts: [{ type: 'text', text }] }], family);
    segments.push({ segment, tokens, usd: price === undefined ? undefined : (tokens * price) / 1_000_000 });
  }
  return { model, segments };
}
