import type { RunRecord, RunProgress as StoredProgress } from '../store/runs/run-record.ts';
import type { Store } from '../store/store.ts';
import type { RunSpec } from './events.ts';
import type { RunDeps } from './run-deps.ts';
import type { FinishedRun, RunProgress } from './run-progress.ts';

/** How often partial answers are saved; also this window's heartbeat. */
const PROGRESS_MS = 1500;
/** Runs that start or end close together share a transaction; a run that is shorter than this is written once. */
const GATHER_MS = 100;

interface RecorderOptions {
  /** Called for the first failure only. */
  onFailure(error: unknown): void;
  /** Called with runs whose end is in the database. */
  onWritten?(runIds: string[]): void;
}

/** Writes runs to the store independently of the stream: no run ever waits for the database, or fails because of it. */
export class Recorder {
  private readonly deps: Pick<RunDeps, 'store' | 'log'>;
  private readonly options: RecorderOptions;
  private readonly live = new Map<string, RunProgress>();
  /** How much of each answer was saved, in characters. */
  private readonly savedLengths = new Map<string, number>();
  private readonly starts = new Map<string, RunRecord>();
  private ends: RunRecord[] = [];
  private failed = false;
  private gathering: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private readonly beat = setInterval(() => {
    if (this.live.size === 0) return;
    void this.flush();
    // Read at the time of writing, so that a slow database does not get outdated texts one after another.
    this.writing = this.writing.then(async () => {
      const progress = [...this.live.values()].map((run) => progressOf(run, this.savedLengths));
      if (progress.length > 0) await this.attempt((store) => store.runs.saveProgress(progress));
    });
  }, PROGRESS_MS);

  constructor(deps: Pick<RunDeps, 'store' | 'log'>, options: RecorderOptions) {
    this.deps = deps;
    this.options = options;
    this.beat.unref();
  }

  started(run: RunProgress): void {
    this.live.set(run.spec.runId, run);
    // Other windows count running requests towards the daily budget: at first only the input.
    this.starts.set(run.spec.runId, { ...startRecord(run.spec, run), costUsd: run.inputUsd });
    this.gather();
  }

  finished(spec: RunSpec, run: FinishedRun): void {
    this.live.delete(spec.runId);
    this.savedLengths.delete(spec.runId);
    this.starts.delete(spec.runId);
    this.ends.push(endRecord(spec, run));
    this.gather();
  }

  /** Resolves when everything has been written, or has failed to be. */
  async close(): Promise<void> {
    clearInterval(this.beat);
    await this.flush();
  }

  private async attempt(write: (store: Store) => Promise<void>): Promise<void> {
    try {
      await write(this.deps.store);
    } catch (error) {
      if (this.failed) return;
      this.failed = true;
      this.deps.log.error('Runs could not be recorded.', error);
      this.options.onFailure(error);
    }
  }

  private async writeAll(): Promise<void> {
    const [newStarts, newEnds] = [[...this.starts.values()], this.ends];
    this.starts.clear();
    this.ends = [];
    if (newStarts.length > 0) await this.attempt((store) => store.runs.start(newStarts));
    if (newEnds.length === 0) return;
    await this.attempt(async (store) => {
      await store.runs.finish(newEnds);
      this.options.onWritten?.(newEnds.map(({ id }) => id));
    });
  }

  private flush(): Promise<void> {
    clearTimeout(this.gathering);
    this.gathering = undefined;
    this.writing = this.writing.then(() => this.writeAll());
    return this.writing;
  }

  private gather(): void {
    this.gathering ??= setTimeout(() => void this.flush(), GATHER_MS);
  }
}

/** Above this length an answer is saved again only once it has doubled, because each time it is copied completely. */
const LONG_ANSWER = 256 * 1024;

function progressOf(run: RunProgress, savedLengths: Map<string, number>): StoredProgress {
  const { runId: id } = run.spec;
  const { usage, cost } = run.figures.current(false);
  const costUsd = cost.totalUsd ?? run.inputUsd;
  const { text, reasoning } = run.answer;
  const size = text.length + reasoning.length;
  const before = savedLengths.get(id) ?? 0;
  if (before > LONG_ANSWER && size < before * 2) return { id, text: undefined, reasoning: undefined, usage, costUsd };
  savedLengths.set(id, size);
  return { id, text, rawText: run.rawText(text), reasoning, usage, costUsd };
}

/** The turn in parts, but without a second copy of a long answer's text if it has no other content. */
function messageToKeep({ text, reasoning, message }: FinishedRun['result']): RunRecord['message'] {
  const isPlain = message.parts.every((part) => part.type === 'text' || (part.type === 'reasoning' && !part.signature));
  return isPlain && text.length + reasoning.length > LONG_ANSWER ? undefined : message;
}

function startRecord(spec: RunSpec, { startedAt, simulated }: Pick<RunRecord, 'startedAt' | 'simulated'>): RunRecord {
  return {
    id: spec.runId,
    comparisonId: spec.comparisonId,
    column: spec.column,
    repeat: spec.repeat,
    startedAt,
    endedAt: undefined,
    state: 'streaming',
    model: spec.model,
    simulated,
    promptPath: spec.prompt.path,
    promptName: spec.prompt.name,
    sourceHash: spec.prompt.sourceHash,
    contentHash: spec.prompt.contentHash,
    version: spec.prompt.version,
    input: spec.input,
    messages: spec.messages,
    parameters: spec.parameters,
    output: spec.output,
    text: '',
    reasoning: '',
    message: undefined,
    finishReason: undefined,
    servedModel: undefined,
    usage: {},
    usageEstimated: true,
    costUsd: undefined,
    ttftMs: undefined,
    elapsedMs: undefined,
    tokensPerSecond: undefined,
    schemaValid: undefined,
    schemaProblems: [],
    warnings: [],
    error: undefined,
    rawRequest: undefined,
    rawResponse: undefined,
    rating: undefined,
    note: undefined,
  };
}

function endRecord(spec: RunSpec, { result, rawRequest, rawResponseJson }: FinishedRun): RunRecord {
  const { figures, schemaCheck } = result;
  return {
    ...startRecord(spec, result),
    endedAt: result.endedAt,
    state: result.state,
    text: result.text,
    rawText: result.rawText,
    reasoning: result.reasoning,
    message: messageToKeep(result),
    finishReason: result.finishReason,
    servedModel: result.servedModel,
    usage: figures.usage,
    usageEstimated: figures.usageEstimated,
    costUsd: figures.cost.totalUsd,
    ttftMs: figures.ttftMs,
    elapsedMs: figures.elapsedMs,
    tokensPerSecond: figures.tokensPerSecond,
    schemaValid: schemaCheck?.valid,
    schemaProblems: schemaCheck && !schemaCheck.valid ? schemaCheck.problems : [],
    warnings: result.warnings,
    error: result.error,
    rawRequest,
    rawResponseJson,
  };
}
