import { UserError } from '../base/errors.ts';
import type { Frames } from '../base/event-batcher.ts';
import { WINDOW_CLOSED } from '../jobs/job.ts';
import type { ChatEvent, ChatModel, ChatRequest } from '../models/chat-model.ts';
import { parseModelRef } from '../models/connection.ts';
import type { ModelInfo } from '../models/models.ts';
import { pricesForRequest } from '../models/prices/request-terms.ts';
import { tokenFamily } from '../models/prices/tokens.ts';
import { fitsBudget } from '../store/ledger/fits-budget.ts';
import type { Reserve } from './budget/day-budget.ts';
import { type Limits, limitEvent } from './budget/spending-limit.ts';
import { estimateInputOnce } from './estimate.ts';
import type { RunEvent, RunSpec } from './events.ts';
import type { RunDeps } from './run-deps.ts';
import { failureOf, sunsetWarning, unsentBudgetError } from './run-problems.ts';
import { type FinishedRun, RunProgress } from './run-progress.ts';

/** After a stop a stream has this long to end by itself; one that hangs is abandoned. */
const STOP_GRACE_MS = 250;

interface RunContext {
  signal: AbortSignal;
  emit(event: RunEvent): void;
  /** Those of the comparison, whose columns change together. */
  frames?: Frames | undefined;
  /** The daily budget's reserve for it. */
  reserve?: Reserve | undefined;
  /** Counts the tokens of the input only if the provider does not report them, unless a limit has to know them before. */
  countsLate?: boolean | undefined;
  /** Called once there is something to save while the run is in progress. */
  onProgress?(progress: RunProgress): void;
}

/** Runs one spec to its end. Never rejects: failures and stops are results. */
export async function runModel(deps: RunDeps, spec: RunSpec, context: RunContext): Promise<FinishedRun> {
  const { signal, emit, frames, reserve, onProgress } = context;
  const countsLate = context.countsLate && reserve === undefined && deps.settings().budgetPerRunUsd === undefined;
  // Before the clock starts: the first estimate loads the tokenizer, which would count as the model's time.
  const [known, inputTokens] = await Promise.all([
    deps.models.modelInfo(spec.model).catch(() => undefined),
    countsLate ? undefined : estimateInputOnce(deps, spec),
  ]);
  const info = known && { ...known, prices: pricesForRequest(known, spec) };
  const startedAt = deps.now();
  const simulated = info?.simulated ?? false;
  emit({ type: 'run-start', runId: spec.runId, at: startedAt, simulated, estimatedInputTokens: inputTokens });
  const inputUsd = deps.costOf({ inputTokens, outputTokens: 0 }, info?.prices).totalUsd;
  const family = info && tokenFamily(info.type, info.baseModel ?? info.id);
  const figured = { prices: info?.prices, family, inputUsd, startedAt };
  const run = new RunProgress(deps, { spec, emit, simulated, frames, ...figured });
  run.figures.setInputEstimate(inputTokens);
  onProgress?.(run);
  const aborter = new AbortController();
  const stop = () => aborter.abort();
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  const work = sendAndReceive(deps, { spec, run, info, reserve, aborter }).catch(async (error: unknown) => {
    // Errors of a stream after a stop are caused by the stop.
    if (!aborter.signal.aborted) run.fail(await failureOf(deps, spec.model, error));
  });
  await Promise.race([work, graceAfter(aborter.signal)]);
  signal.removeEventListener('abort', stop);
  if (countsLate && run.figures.lacksInput) run.figures.setInputEstimate(await estimateInputOnce(deps, spec));
  return run.end(aborter.signal.aborted && (signal.reason === WINDOW_CLOSED ? 'interrupted' : 'stopped'));
}

interface Sending {
  spec: RunSpec;
  run: RunProgress;
  info: ModelInfo | undefined;
  reserve: Reserve | undefined;
  aborter: AbortController;
}

async function sendAndReceive(deps: RunDeps, { spec, run, info, reserve, aborter }: Sending): Promise<void> {
  const ref = parseModelRef(spec.model);
  if (!ref) throw notAModel(spec.model);
  const warning = sunsetWarning(spec.model, info?.sunsetDate, deps.now());
  if (warning) run.warn(warning);
  const perRunUsd = deps.settings().budgetPerRunUsd;
  const { inputUsd } = run;
  if (perRunUsd !== undefined && inputUsd !== undefined && !fitsBudget(inputUsd, perRunUsd))
    throw unsentBudgetError(run.simulated, inputUsd, perRunUsd);
  const chat = await deps.models.chat(ref);
  run.removeSecrets = chat.removeSecrets;
  if (aborter.signal.aborted) return;
  const request = requestOf(spec, ref.model);
  run.figures.begin();
  await receive(chat.stream(request, aborter.signal), { run, aborter, limits: { perRunUsd, reserve } });
  if (!aborter.signal.aborted) await countWithProvider({ chat, request, run });
}

function notAModel(text: string): UserError {
  return new UserError(`"${text}" is not the name of a model.`, {
    code: 'unknown-model',
    hint: 'Write it as connection/model, such as demo/swift.',
  });
}

function requestOf(spec: RunSpec, model: string): ChatRequest {
  const { messages, parameters, output, tools, promptCaching } = spec;
  return { model, messages, parameters, output, promptCaching, ...(tools.length > 0 ? { tools } : {}) };
}

async function receive(
  stream: AsyncIterable<ChatEvent>,
  { run, aborter, limits }: { run: RunProgress; aborter: AbortController; limits: Limits },
): Promise<void> {
  for await (const event of stream) {
    // A stream that ignored the stop is left without a reader.
    if (run.ended) return;
    if (limitEvent(run, event, limits) && !run.isFull) continue;
    aborter.abort();
    return;
  }
}

function graceAfter(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wait = () => setTimeout(resolve, STOP_GRACE_MS);
    if (signal.aborted) wait();
    else signal.addEventListener('abort', wait, { once: true });
  });
}

/** A provider that reported nothing may still be able to count tokens, which is better than our own estimate. */
async function countWithProvider(options: { chat: ChatModel; request: ChatRequest; run: RunProgress }): Promise<void> {
  const { chat, request, run } = options;
  if (!chat.countTokens || run.figures.hasUsage) return;
  const tokens = await chat.countTokens(request, AbortSignal.timeout(2000)).catch(() => undefined);
  if (tokens !== undefined) run.figures.setInputEstimate(tokens);
}
