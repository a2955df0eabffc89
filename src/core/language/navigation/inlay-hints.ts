import { formatTokensExactly, formatUsd } from '../../../shared/format.ts';
import { markSimulated } from '../../../shared/simulated-cost.ts';
import { describeFilling, type FilledWith } from '../../prompts/render/filled-with.ts';
import { findEntry } from '../analysis/declarations.ts';
import { modelOfPrompt } from '../analysis/prompt-model.ts';
import { type FigureContext, segmentFigures } from '../analysis/segment-figures.ts';
import type { AnalyzedPrompt } from '../syntax/tree.ts';

export interface InlayHint {
  offset: number;
  label: string;
  tooltip: string;
}

/** The input of one run, as counted by the status bar, the preview and Compare. */
export interface HintedEstimate {
  inputTokens: number | undefined;
  inputUsd: number | undefined;
  filledWith: FilledWith;
}

interface InlayHintContext extends FigureContext {
  tokens: boolean;
  cost: boolean;
  /** Requested if the cost is shown. */
  estimate(model: string): Promise<HintedEstimate | undefined>;
}

/** Shows the tokens after each role, and the input cost of a thousand runs after the model. */
export async function inlayHints(prompt: AnalyzedPrompt, context: InlayHintContext): Promise<InlayHint[]> {
  const [segments, cost] = await Promise.all([
    context.tokens ? segmentFigures(prompt, context) : undefined,
    context.cost ? costHint(prompt, context) : undefined,
  ]);
  const hints = (segments?.segments ?? []).flatMap(({ segment, tokens }): InlayHint[] => {
    if (!segment.markerRange) return [];
    const label = `${formatTokensExactly(tokens, true)} tokens`;
    const tooltip = 'Estimated for this message, without the values of its variables.';
    return [{ offset: segment.markerRange.end, label: unbrokenNumbers(label), tooltip: `${label}. ${tooltip}` }];
  });
  return cost ? [...hints, cost] : hints;
}

async function costHint(prompt: AnalyzedPrompt, context: InlayHintContext): Promise<InlayHint | undefined> {
  const { frontMatter } = prompt.tree;
  const written = findEntry(frontMatter?.root, ['model'])?.value;
  const model = modelOfPrompt(prompt.tree, context);
  if (!written || !model) return undefined;
  const { inputTokens, inputUsd, filledWith = 'defaults' } = (await context.estimate(model.ref)) ?? {};
  if (inputTokens === undefined || inputUsd === undefined) return undefined;
  const covers = `Covers the entire input of a run (${formatTokensExactly(inputTokens)} tokens: messages, tools and the output schema), ${describeFilling(filledWith)}.`;
  const cost = `${formatUsd(inputUsd * 1000, true)} input / 1,000 runs`;
  const label = `(${cost}${model.simulated ? ', simulated' : ''})`;
  const tooltip = `${markSimulated(cost, model.simulated)}. ${covers} Estimated at the prices of ${model.ref}; output tokens are not included.`;
  // The editor breaks a line before a parenthesis: without it the figure sticks to the model's name, and a line too
  // long for both breaks in the middle of either.
  return { offset: written.range.end, label: unbrokenNumbers(label), tooltip };
}

const ONE_DOT_LEADER = '\u2024';
const LOW_QUOTE = '\u201a';

/**
 * A hint's text whose numbers stay on one line. The editor breaks lines after every `.` and `,`, with or without a word
 * joiner, and replaces a hint's spaces with its own; only another character that looks the same keeps a number
 * together.
 */
export function unbrokenNumbers(text: string): string {
  return text.replace(/(?<=\d)[.,](?=\d)/g, (mark) => (mark === '.' ? ONE_DOT_LEADER : LOW_QUOTE));
}
