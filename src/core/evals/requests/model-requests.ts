import { hash } from 'node:crypto';
import { timeOrderedId } from '../../base/time-ordered-id.ts';
import type { DatasetColumns } from '../../datasets/row-columns.ts';
import { canonicalJson } from '../../datasets/row-identity.ts';
import type { Connection } from '../../models/connection.ts';
import type { Asker } from '../../runs/asker.ts';
import type { Reserve } from '../../runs/budget/day-budget.ts';
import type { RunEvent, RunResult, RunSpec } from '../../runs/events.ts';
import type { EvalColumn, StoredAnswer, StoredCase } from '../../store/evals/eval-record.ts';
import type { PlannedColumn } from '../plan/plan-columns.ts';
import { renderCase } from '../plan/render-case.ts';

/** A request of a case, ready to be sent. */
export interface PreparedRequest {
  /** Unique, also in the ledger. */
  id: string;
  /** Undefined if an answer must not be reused. */
  cacheKey: string | undefined;
  /** The highest possible cost; undefined if it is unknown, and 0 if nobody pays. */
  worstUsd(): Promise<number | undefined>;
  /** The cost of an answer of so many tokens, and of the longest one. */
  costFor(outputTokens: number): Promise<{ usd: number | undefined; ceilingUsd: number | undefined }>;
  /** Rejects with AbortError after an abort; other faults are in the answer. */
  send(options: SendOptions): Promise<StoredAnswer>;
}

export interface SendOptions {
  signal: AbortSignal;
  reserve?: Reserve | undefined;
  onRetry?(event: Extract<RunEvent, { type: 'run-retry' }>): void;
}

/** Turns the cases of a column into requests. */
export interface RequestMaker {
  /** Rejects with UserError if the case cannot be asked. */
  prepare(evalCase: StoredCase, repeat: number): Promise<PreparedRequest>;
  close?(): Promise<void>;
}

interface ModelColumn {
  column: EvalColumn;
  model: string;
  prompt: NonNullable<PlannedColumn['prompt']>;
  connection: Connection;
  /** What columns of each dataset mean, by the dataset as written. */
  mappings: ReadonlyMap<string | undefined, DatasetColumns>;
  asker: Asker;
}

/** Asks a model with a version of a prompt. */
export function createModelRequests(options: ModelColumn): RequestMaker {
  const { column, prompt, model, asker, mappings } = options;
  const { resolved } = prompt;
  const route = routeOf(options.connection);
  let fixed: string | undefined;
  // one case is asked several times in a row
  let last: { evalCase: StoredCase; rendered: ReturnType<typeof renderCase> } | undefined;
  return {
    async prepare(evalCase, repeat) {
      if (last?.evalCase !== evalCase) last = { evalCase, rendered: renderCase(evalCase, prompt, mappings) };
      const { input, rendered } = await last.rendered;
      const { messages, output, tools } = rendered;
      const id = timeOrderedId();
      const spec: RunSpec = {
        runId: id,
        comparisonId: id,
        column: 0,
        repeat: repeat - 1,
        model,
        prompt: { path: resolved.file, name: resolved.prompt.name, sourceHash: '', contentHash: rendered.contentHash },
        input,
        messages,
        parameters: column.parameters,
        output,
        tools,
        promptCaching: false,
      };
      // of the column, in any order of keys, and of the case
      fixed ??= canonicalJson({ route, model, parameters: column.parameters, output, tools });
      const cacheKey = hash('sha256', `${fixed}\n${repeat}\n${JSON.stringify(messages)}`, 'hex');
      return {
        id,
        cacheKey,
        worstUsd: async () => (await asker.estimate(spec)).ceilingUsd,
        costFor: (outputTokens) => costFor({ asker, spec, outputTokens }),
        send: async (how) => toAnswer(await asker.ask(spec, how), { cacheKey, signal: how.signal }),
      };
    },
  };
}

interface Costed {
  asker: Asker;
  spec: RunSpec;
  outputTokens: number;
}

/** The longest answer is the ceiling; a shorter one costs its share of what the ceiling has for output. */
async function costFor({ asker, spec, outputTokens }: Costed) {
  const { inputUsd, ceilingUsd, maxOutputTokens } = await asker.estimate(spec);
  if (inputUsd === undefined || ceilingUsd === undefined || maxOutputTokens === undefined) {
    return { usd: inputUsd, ceilingUsd };
  }
  const share = maxOutputTokens === 0 ? 0 : Math.min(1, outputTokens / maxOutputTokens);
  return { usd: inputUsd + (ceilingUsd - inputUsd) * share, ceilingUsd };
}

/** What decides where and how a connection sends a request; headers are as declared, without secrets. */
function routeOf({ id, type, baseUrl, headers, project, location, apiVersion }: Connection) {
  return { id, type, baseUrl, headers, project, location, apiVersion };
}

/** Answers that failed or were filtered are not reused. */
function toAnswer(result: RunResult, { cacheKey, signal }: { cacheKey: string; signal: AbortSignal }): StoredAnswer {
  const { figures, error, finishReason, state } = result;
  // what was stopped half-way is no answer to the case: it is asked again
  if (state === 'stopped' || state === 'interrupted') signal.throwIfAborted();
  const isWhole = error === undefined && finishReason !== 'content-filter' && state === 'done';
  return {
    cacheKey: isWhole ? cacheKey : undefined,
    output: result.text,
    reasoning: result.reasoning,
    toolCalls: result.toolCalls.map(({ name, input }) => ({ name, arguments: input })),
    contexts: undefined,
    finishReason,
    servedModel: result.servedModel,
    usage: figures.usage,
    usageEstimated: figures.usageEstimated,
    costUsd: figures.cost.totalUsd,
    ttftMs: figures.ttftMs,
    latencyMs: figures.elapsedMs,
    simulated: result.simulated,
    error,
    at: result.startedAt,
  };
}
