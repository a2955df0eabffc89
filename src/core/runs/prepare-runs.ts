import type { Message, Parameters } from '../models/chat-model.ts';
import type { Prompt, RenderedPrompt } from '../prompts/prompt.ts';
import type { RunVersion } from '../store/runs/run-record.ts';
import type { ColumnSpec } from './comparison.ts';
import type { PromptRun, RunSpec } from './events.ts';

/** A column to run; `messages` replace the rendered ones if its conversation continues. */
interface ColumnPlan extends ColumnSpec {
  messages?: Message[];
}

export interface RunPlan {
  prompt: Pick<Prompt, 'path' | 'name' | 'source'>;
  rendered: RenderedPrompt;
  /** The version of the prompt, unless it is the work tree's. */
  version?: RunVersion | undefined;
  columns: ColumnPlan[];
  /** How often each column runs; at least once. */
  repeat: number;
  input: Record<string, unknown>;
  comparisonId?: string;
}

export interface PrepareDeps {
  newId(): string;
  /** SHA-256 of the prompt's source, hex. */
  sourceHash(source: string): string;
}

/** One spec for each repeat of each column, the first repeat of every column first. */
export function prepareRuns(deps: PrepareDeps, plan: RunPlan): RunSpec[] {
  const comparisonId = plan.comparisonId ?? deps.newId();
  const { path, name, source } = plan.prompt;
  const prompt: PromptRun = {
    path,
    name,
    sourceHash: deps.sourceHash(source),
    contentHash: plan.rendered.contentHash,
    ...(plan.version ? { version: plan.version } : {}),
  };
  const repeats = Math.max(1, Math.floor(plan.repeat) || 1);
  return Array.from({ length: repeats }, (_, repeat) =>
    plan.columns.map((column, index) => ({
      runId: deps.newId(),
      comparisonId,
      column: index,
      repeat,
      model: column.model,
      prompt,
      input: plan.input,
      messages: column.messages ?? plan.rendered.messages,
      parameters: mergeParameters(plan.rendered.parameters, column.parameters),
      output: plan.rendered.output,
      tools: plan.rendered.tools,
      promptCaching: column.promptCaching,
    })),
  ).flat();
}

/** The column's own parameters take precedence over the file's; provider-specific keys are merged one by one. */
export function mergeParameters(file: Parameters, column: Parameters): Parameters {
  const overrides = Object.fromEntries(Object.entries(column).filter(([, value]) => value !== undefined));
  const merged: Parameters = { ...file, ...overrides };
  if (file.extra && column.extra) merged.extra = { ...file.extra, ...column.extra };
  return merged;
}
