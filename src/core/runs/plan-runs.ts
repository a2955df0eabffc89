import type { Message, Parameters } from '../models/chat-model.ts';
import type { Prompt, RenderedPrompt } from '../prompts/prompt.ts';
import type { Prompts } from '../prompts/prompts.ts';
import type { RunVersion } from '../store/runs/run-record.ts';
import type { RunSpec } from './events.ts';
import { type PrepareDeps, prepareRuns } from './prepare-runs.ts';

/** A prompt on a model. */
export interface RunColumn {
  prompt: Prompt;
  /** The version that the prompt is, where it is not the work tree's. */
  version?: RunVersion | undefined;
  /** `connection/model`. */
  model: string;
  /** Overrides of the file's own parameters. */
  config?: { parameters?: Parameters; promptCaching?: boolean };
  /** In place of the request's input, where versions of a prompt read one form as different values. */
  input?: Record<string, unknown>;
  /** What the prompt renders to for this input, where that is known already. */
  rendered?: RenderedPrompt;
  /** Sent in place of the rendered messages, where a conversation goes on. */
  messages?: Message[] | undefined;
  /** Its place in the comparison; without one, that in the list. */
  place?: number;
}

export interface RunRequest {
  input: Record<string, unknown>;
  columns: readonly RunColumn[];
  /** How often each column runs; once without it. */
  repeat?: number;
  /** A comparison that these runs are added to. */
  comparisonId?: string | undefined;
}

interface PlanDeps extends PrepareDeps {
  prompts: Pick<Prompts, 'render'>;
}

/** What a request would send, the first repeat of every column first. A prompt is rendered once for each input. */
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
