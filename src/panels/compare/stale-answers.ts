import { isDeepStrictEqual } from 'node:util';
import type { Message, OutputSpec, Parameters, Tool } from '../../core/models/chat-model.ts';
import { sourceHash } from '../../core/prompts/source-hash.ts';
import type { RunSpec } from '../../core/runs/events.ts';
import type { RunRecord, RunVersion } from '../../core/store/runs/run-record.ts';
import type { Workbench } from '../../core/workbench.ts';
import type { CompareEvent, StaleReason } from '../../protocol/compare.ts';
import type { PromptState } from '../session/prompt-state.ts';
import type { Column } from './compare-columns.ts';
import type { ComparePrompts } from './compare-prompts.ts';

/** The request of a run, as far as it is known. Undefined if the history does not have it. */
interface RunBasis {
  model: string;
  version: RunVersion | undefined;
  parameters: Parameters;
  promptCaching: boolean | undefined;
  input: Record<string, unknown>;
  messages: Message[];
  output: OutputSpec;
  tools: Tool[] | undefined;
  contentHash: string | undefined;
  sourceHash: string;
}

interface Options {
  workbench: Workbench;
  prompts: ComparePrompts;
}

/**
 * Finds answers whose request differs from what would be sent now. Contents are compared, so that reverting a change
 * also removes the mark.
 */
export class StaleAnswers {
  readonly #options: Options;
  readonly #bases = new Map<string, RunBasis>();
  /** Whether the current prompt differs from that of a run, by the hashes of both. */
  readonly #changed = new Map<string, boolean>();
  #token = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  addSpec(spec: RunSpec): void {
    const { model, parameters, promptCaching, input, messages, output, tools, prompt } = spec;
    const { contentHash, sourceHash: source, version } = prompt;
    const sent = { parameters, promptCaching, input, messages, output, tools };
    this.#bases.set(spec.runId, { ...sent, model, version, contentHash, sourceHash: source });
  }

  addRecord(record: RunRecord): void {
    const { model, parameters, input, messages, output, contentHash, sourceHash: source, version } = record;
    const unknown = { promptCaching: undefined, tools: undefined };
    const sent = { parameters, input, messages, output, ...unknown };
    this.#bases.set(record.id, { ...sent, model, version, contentHash, sourceHash: source });
  }

  basisOf(runId: string): RunBasis | undefined {
    return this.#bases.get(runId);
  }

  /**
   * Marks the runs of the columns and returns the events for the webview; empty if a later call has overtaken this one.
   */
  async update(columns: readonly Column[]): Promise<CompareEvent[]> {
    const token = ++this.#token;
    const found = await Promise.all(columns.map((column) => this.#staleOf(column)));
    if (token !== this.#token) return [];
    const runs = columns.flatMap((column) => column.runs);
    const kept = new Set(runs.map(({ runId }) => runId));
    for (const runId of this.#bases.keys()) if (!kept.has(runId)) this.#bases.delete(runId);
    const stale = new Map(found.flatMap((entries) => [...entries]));
    return runs.flatMap((run): CompareEvent[] => {
      const next = stale.get(run.runId) ?? [];
      if (isDeepStrictEqual(next, run.stale ?? [])) return [];
      run.stale = next;
      return [{ type: 'run-patch', runId: run.runId, patch: { stale: next } }];
    });
  }

  async #staleOf(column: Column): Promise<Map<string, StaleReason[]>> {
    const reasons = new Map<string, StaleReason[]>();
    for (const { runId } of column.runs) {
      const basis = this.#bases.get(runId);
      if (basis) reasons.set(runId, await this.#reasons(column, basis));
    }
    return reasons;
  }

  async #reasons(column: Column, basis: RunBasis): Promise<StaleReason[]> {
    const isOtherVersion = column.version?.commit !== basis.version?.commit;
    const named: StaleReason[] = [
      ...(column.model === basis.model ? [] : ['model' as const]),
      ...(isOtherVersion ? ['version' as const] : []),
    ];
    const state = this.#promptOf(column);
    if (!state) return named;
    const inputs: StaleReason[] = hasOtherInput(state, basis) ? ['inputs'] : [];
    // A different version also has different parameters, which needs no extra reason.
    if (isOtherVersion) return [...inputs, ...named];
    const prompt: StaleReason[] = !column.version && (await this.#hasOtherPrompt(state, basis)) ? ['prompt'] : [];
    const parameters: StaleReason[] = (await hasOtherParameters(state, column, basis)) ? ['parameters'] : [];
    return [...inputs, ...prompt, ...parameters, ...named];
  }

  /** Undefined if its version cannot be read, which the column shows. */
  #promptOf(column: Column): PromptState | undefined {
    try {
      return this.#options.prompts.of(column);
    } catch {
      return undefined;
    }
  }

  async #hasOtherPrompt(state: PromptState, basis: RunBasis): Promise<boolean> {
    if (state.contentHash !== undefined && state.contentHash === basis.contentHash) return false;
    const own = JSON.stringify([basis.contentHash ?? basis.sourceHash, basis.input, basis.messages.length]);
    // If it cannot be rendered, changes of its partials are not noticed here.
    if (state.contentHash === undefined) return this.#sendsOther(state, basis);
    const key = `${state.contentHash}\0${own}`;
    const known = this.#changed.get(key);
    if (known !== undefined) return known;
    const changed = await this.#sendsOther(state, basis);
    if (this.#changed.size > 200) this.#changed.clear();
    this.#changed.set(key, changed);
    return changed;
  }

  /** Only compares what would be sent. Comments, descriptions and parameters change the text, but not the messages. */
  async #sendsOther({ parsed, source }: PromptState, basis: RunBasis): Promise<boolean> {
    try {
      const { contentHash, messages, output, tools } = await this.#options.workbench.prompts.render(parsed.prompt, {
        input: basis.input,
      });
      if (contentHash === basis.contentHash) return false;
      const isSame =
        // a continued conversation starts with the prompt's messages
        isSameData(basis.messages.slice(0, messages.length), messages) &&
        isSameData(basis.output, output) &&
        isSameData(basis.tools ?? [], tools);
      return !isSame;
    } catch {
      return sourceHash(source.text) !== basis.sourceHash;
    }
  }
}

function hasOtherInput(state: PromptState, { input }: RunBasis): boolean {
  const { defaults } = state.parsed.prompt.input;
  const [now, then] = [state.values, input].map((values) => new Map(Object.entries({ ...defaults, ...values })));
  return state.fields.some(({ name }) => !isSameData(now?.get(name), then?.get(name)));
}

async function hasOtherParameters(state: PromptState, column: Column, basis: RunBasis): Promise<boolean> {
  const { mergeParameters } = await import('../../core/runs/prepare-runs.ts');
  const now = mergeParameters(state.parsed.prompt.parameters, column.parameters);
  const isOtherCaching = basis.promptCaching !== undefined && basis.promptCaching !== column.promptCaching;
  return isOtherCaching || !isSameData(now, basis.parameters);
}

/** Compares as JSON, because one side may come from the history, which has no undefined values. */
function isSameData(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(asData(one), asData(other));
}

function asData(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
