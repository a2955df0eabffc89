import type { Message, Parameters } from '../models/chat-model.ts';
import type { Prompt, RenderedPrompt } from '../prompts/prompt.ts';
import type { Prompts } from '../prompts/prompts.ts';
import type { RunVersion } from '../store/runs/run-record.ts';
import type { RunSpec } from './events.ts';
import { type PrepareDeps, prepareRuns } from './prepare-runs.ts';

/** A prompt on a model. */
export interface RunColumn {
  prompt: Prompt;
  /** The version of the prompt, unless it is the work tree's. */
  version?: RunVersion | undefined;
  /** `connection/model`. */
  model: string;
  /** Overrides of the file's own parameters. */
  config?: { parameters?: Parameters; promptCaching?: boolean };
  /** Replaces the request's input, if versions of a prompt interpret one form as different values. */
  input?: Record<string, unknown>;
  /** The rendered prompt for this input, if it is known already. */
  rendered?: RenderedPrompt;
  /** Sent instead of the rendered messages, if a conversation continues. */
  messages?: Message[] | undefined;
  /** Its position in the comparison; by default, its index in the list. */
  place?: number;
}

export interface RunRequest {
  input: Record<string, unknown>;
  columns: readonly RunColumn[];
  /** How often each column runs; 1 by default. */
  repeat?: number;
  /** A comparison that these runs are added to. */
  comparisonId?: string | undefined;
}

interface PlanDeps extends PrepareDeps {
  prompts: Pick<Prompts, 'render'>;
}

/** The requests to send, the first repeat of every column first. A prompt is rendered once for each input. */
export async function planRuns(deps: PlanDeps, request: RunRequest): Promise<RunSpec[]> {
  const { repeat = 1, comparisonId = deps.newId() } = request;
  const renderings: { prompt: Prompt; input: Record<string, unknown>; rendered: Promise<RenderedPrompt> }[] = [];
  const render = ({ prompt, rendered }: RunColumn, input: Record<string, unknown>) => {
    if (rendered) return rendered;
    const known = renderings.find((other) => other.prompt === prompt && other.input === input);
    if (known) return known.rendered;
    const own = { prompt, input, rendered: deps.prompts.render(prompt, { input }) };
    renderings.push(own);
    return own.rendered;
  };
  const planned = await Promise.all(
    request.columns.map(async (column, index) => {
      const { prompt, version, model, config = {}, messages, input = request.input, place = index } = column;
      const { parameters = {}, promptCaching = false } = config;
      const own = { model, parameters, promptCaching, ...(messages ? { messages } : {}) };
      const rendered = await render(column, input);
      const specs = prepareRuns(deps, { prompt, rendered, version, columns: [own], repeat, input, comparisonId });
      return specs.map((spec) => ({ ...spec, column: place }));
    }),
  );
  return planned.flat().sort((a, b) => a.repeat - b.repeat);
}
