import type { Log } from '../base/ports.ts';
import type { Settings } from '../base/settings.ts';
import type { Jobs } from '../jobs/create-jobs.ts';
import type { Message, OutputSpec, Usage } from '../models/chat-model.ts';
import type { Models, TokenPrices } from '../models/models.ts';
import type { TokenCounter, TokenFamily } from '../models/prices/tokens.ts';
import type { Store } from '../store/store.ts';
import type { DayBudget } from './budget/day-budget.ts';
import type { Cost, SchemaCheck } from './events.ts';

/** The dependencies of running models; passed in, so that a test can control time, ids and prices. */
export interface RunDeps {
  models: Pick<Models, 'chat' | 'modelInfo' | 'suggestModels'>;
  store: Store;
  jobs: Pick<Jobs, 'start'>;
  settings(): Settings;
  /** Shared by all comparisons of a workspace. */
  dayBudget: DayBudget;
  costOf(usage: Usage, prices: TokenPrices | undefined, extra?: { elapsedMs?: number }): Cost;
  /** Input tokens of a request for its model's family; undefined if they cannot be estimated. */
  estimateInput(request: {
    messages: Message[];
    tools: unknown[];
    output: OutputSpec;
    model: string;
  }): Promise<number | undefined>;
  /** A cheap running count of output tokens, for live figures. */
  createTokenCounter(family?: TokenFamily): TokenCounter;
  /** Checks an answer against the original schema; `text` is the answer without the nulls that the provider added. */
  checkAnswer(output: OutputSpec, text: string): Promise<{ text: string; check: SchemaCheck }>;
  /** Epoch milliseconds. */
  now(): number;
  /** Monotonic milliseconds, for durations. */
  clock(): number;
  log: Log;
  newId(): string;
}
