import { randomUUID } from 'node:crypto';
import { UserError } from '../../core/base/errors.ts';
import type { Parameters } from '../../core/models/chat-model.ts';
import type { Models } from '../../core/models/models.ts';
import type { RunRecord, RunVersion } from '../../core/store/runs/run-record.ts';
import type { ColumnVersion } from '../../protocol/compare.ts';
import type { RememberedColumn } from '../session/session-memory.ts';
import { type Column, type ColumnModel, columnsOfRecords, createColumn, ownParameters } from './compare-columns.ts';
import type { ComparePrompts } from './compare-prompts.ts';

/** A column to open. The default is the model of the prompt, and the working text. */
export interface ColumnTarget {
  model?: string | undefined;
  /** A label, `v3`, or anything that git can resolve to a commit. */
  version?: string | undefined;
}

export interface ColumnChanges {
  model?: string;
  /** Null for the working text. */
  version?: string | null;
  parameters?: Parameters;
  promptCaching?: boolean;
}

/** The columns of a comparison in order, each with a model and a version of the prompt. */
export class ColumnSet {
  readonly #prompts: ComparePrompts;
  readonly #models: Pick<Models, 'modelInfo'>;
  #columns: Column[] = [];

  constructor(prompts: ComparePrompts, models: Pick<Models, 'modelInfo'>) {
    this.#prompts = prompts;
    this.#models = models;
  }

  get all(): readonly Column[] {
    return this.#columns;
  }

  get models(): string[] {
    return this.#columns.map(({ model }) => model);
  }

  get(columnId: string): Column {
    const column = this.#columns.find(({ id }) => id === columnId);
    if (!column) throw new UserError('This column is no longer in the comparison.', { code: 'usage' });
    return column;
  }

  async find({ model, version }: ColumnTarget): Promise<Column | undefined> {
    const named = version === undefined ? undefined : await this.#prompts.open(version);
    const ref = model ?? this.#promptModel;
    return this.#columns.find((column) => column.model === ref && column.version?.commit === named?.commit);
  }

  async add({ model, version }: ColumnTarget): Promise<Column> {
    const opened = version === undefined ? undefined : await this.#open(version);
    const column = createColumn(randomUUID(), await this.#modelOf(model ?? this.#promptModel), opened);
    this.#columns.push(column);
    return column;
  }

  /** Replaces the columns, and returns those that were removed. If one cannot be opened, nothing changes. */
  async replace(targets: readonly ColumnTarget[]): Promise<Column[]> {
    const opened: { model: ColumnModel; version: ColumnVersion | undefined }[] = [];
    for (const { model, version } of targets) {
      opened.push({
        model: await this.#modelOf(model ?? this.#promptModel),
        version: version === undefined ? undefined : await this.#open(version),
      });
    }
    const left = [...this.#columns];
    this.#columns = opened.map(({ model, version }) => {
      const at = left.findIndex((column) => column.model === model.model && column.version?.commit === version?.commit);
      return left.splice(at, at < 0 ? 0 : 1)[0] ?? createColumn(randomUUID(), model, version);
    });
    return left;
  }

  duplicate(columnId: string): Column {
    const from = this.get(columnId);
    const copy = createColumn(randomUUID(), from, from.version);
    Object.assign(copy, { parameters: { ...from.parameters }, promptCaching: from.promptCaching });
    this.#columns.splice(this.#columns.indexOf(from) + 1, 0, copy);
    return copy;
  }

  remove(columnId: string): void {
    const column = this.get(columnId);
    this.#columns = this.#columns.filter((other) => other !== column);
  }

  async change(columnId: string, { model, version, parameters, promptCaching }: ColumnChanges): Promise<void> {
    const column = this.get(columnId);
    if (version !== undefined) column.version = version === null ? undefined : await this.#open(version);
    if (model !== undefined) Object.assign(column, await this.#modelOf(model));
    if (parameters !== undefined) column.parameters = parameters;
    if (promptCaching !== undefined) column.promptCaching = promptCaching;
  }

  /** Restores the columns of a recorded comparison, with the versions that ran. */
  async restore(records: RunRecord[]): Promise<void> {
    const recorded = columnsOfRecords(records, randomUUID);
    for (const { version } of recorded) if (version) await this.#prompts.reopen(version);
    this.#columns = recorded.map(({ column, version }) => {
      const file = this.#prompts.parametersOf(version);
      return { ...column, version: version && unread(version), parameters: ownParameters(column.parameters, file) };
    });
  }

  /** Restores the columns of a panel, including changes after their runs. */
  async resume(records: RunRecord[], left: readonly RememberedColumn[]): Promise<void> {
    const byId = new Map(records.map((record) => [record.id, record]));
    const columns: Column[] = [];
    for (const { model, version, label, parameters, promptCaching, runIds = [] } of left) {
      const own = runIds.flatMap((id) => byId.get(id) ?? []);
      const named = version === undefined ? undefined : { label: label ?? version.slice(0, 7), commit: version };
      if (named) await this.#prompts.reopen(named);
      const [recorded] = columnsOfRecords(
        own.map((record) => ({ ...record, column: 0 })),
        randomUUID,
      );
      const column = recorded?.column ?? createColumn(randomUUID(), { model, simulated: false });
      columns.push({
        ...column,
        ...(await this.#modelOf(model)),
        version: named && unread(named),
        parameters: parameters ?? {},
        promptCaching: promptCaching ?? false,
      });
    }
    this.#columns = columns;
  }

  /** The data that `resume` needs to restore these columns. */
  get remembered(): RememberedColumn[] {
    return this.#columns.map(({ model, version, parameters, promptCaching, runs }) => ({
      model,
      version: version?.commit,
      label: version?.label,
      parameters,
      promptCaching,
      runIds: runs.map(({ runId }) => runId),
    }));
  }

  get #promptModel(): string {
    return this.#prompts.working.view.model.ref;
  }

  async #modelOf(model: string): Promise<ColumnModel> {
    const info = await this.#models.modelInfo(model).catch(() => undefined);
    return { model, simulated: info?.simulated ?? false };
  }

  async #open(ref: string): Promise<ColumnVersion> {
    return unread(await this.#prompts.open(ref));
  }
}

/** A version before it is described: only its name is known. */
function unread({ label, commit }: RunVersion): ColumnVersion {
  return { label, commit, parameters: {}, changes: [], unused: [], added: [], problem: undefined };
}
