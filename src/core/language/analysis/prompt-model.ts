import { describePrices, formatPrices, formatTokens, type PricesPerMillion, UNKNOWN } from '../../../shared/format.ts';
import { markSimulated } from '../../../shared/simulated-cost.ts';
import { CONNECTION_TYPES, type ConnectionType } from '../../models/chat-model.ts';
import { isSimulated } from '../../models/connection.ts';
import type { LanguageModelInfo, LanguageWorkspace, SyntaxTree } from '../syntax/tree.ts';
import { findEntry } from './declarations.ts';
import { scalars } from './schema-variables.ts';

export interface PromptModel {
  ref: string;
  /** The model's id without its connection. */
  id: string;
  type: ConnectionType | undefined;
  /** A demo model: nobody pays its prices. */
  simulated: boolean;
  info: LanguageModelInfo | undefined;
}

/** The model of a file, or the default one, with what the workspace knows about it. */
export function modelOfPrompt(
  tree: SyntaxTree,
  { workspace, defaultModel }: { workspace?: LanguageWorkspace | undefined; defaultModel?: string | undefined },
): PromptModel | undefined {
  const written = scalars(findEntry(tree.frontMatter?.root, ['model'])?.value)[0]?.text;
  const ref = written?.trim() || defaultModel?.trim();
  return ref ? findModel(ref, workspace) : undefined;
}

export function findModel(ref: string, workspace: LanguageWorkspace | undefined): PromptModel {
  const slash = ref.indexOf('/');
  const connection = ref.slice(0, Math.max(0, slash));
  const info = workspace?.models().find((model) => model.ref === ref);
  const declared = workspace?.connections().find(({ id }) => id === connection)?.type;
  const type = info?.type ?? declared ?? connection;
  const known = CONNECTION_TYPES.find((one) => one === type);
  return { ref, id: ref.slice(slash + 1), type: known, simulated: known !== undefined && isSimulated(known), info };
}

/** `128k context · $0.25 in, $2.00 out per million`, as far as known. */
export function describeModelBriefly(model: LanguageModelInfo): string {
  const prices = describePrices(pricesOf(model));
  const parts = [
    model.unready,
    model.contextWindow === undefined ? undefined : `${formatTokens(model.contextWindow)} context`,
    prices && markSimulated(prices, model.simulated),
    model.sunsetDate === undefined ? undefined : `ends ${model.sunsetDate}`,
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

/**
 * `no key · 128k · $0.25 / $2.00`, `32k · $0.10 / $0.40 sim.`: obstacles, the context window, a million tokens of input
 * and output, and the retirement date if there is one.
 */
export function windowAndPrices(model: LanguageModelInfo): string {
  const { simulated, contextWindow, sunsetDate, unready } = model;
  const mark = simulated ? ' sim.' : '';
  const prices = pricesOf(model);
  const parts = [
    ...(unready === undefined ? [] : [unready]),
    formatTokens(contextWindow),
    describePrices(prices) ? `${formatPrices(prices)}${mark}` : UNKNOWN,
    ...(sunsetDate === undefined ? [] : [`ends ${sunsetDate}`]),
  ];
  return parts.join(' · ');
}

export function pricesOf({ inputUsdPerMillion, outputUsdPerMillion }: LanguageModelInfo): PricesPerMillion {
  return { inputUsd: inputUsdPerMillion, outputUsd: outputUsdPerMillion };
}
