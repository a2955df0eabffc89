import { UserError } from '../../base/errors.ts';
import { didYouMean } from '../../base/nearest-name.ts';
import { FALLBACK_MODEL } from '../../base/settings.ts';
import { connectionOf, isSimulated } from '../../models/connection.ts';
import { resolveModel } from '../../prompts/resolve-model.ts';
import { inputFields } from '../../prompts/schema/input-fields.ts';
import { sourceHash } from '../../prompts/source-hash.ts';
import { mergeParameters } from '../../runs/prepare-runs.ts';
import type { EvalColumn } from '../../store/evals/eval-record.ts';
import type { CasePrompt } from '../cases/prompt-inputs.ts';
import type { EvalSpec, ModelSpec } from '../file/eval-spec.ts';
import type { EvalPorts } from '../run/eval-ports.ts';
import { atEntry } from './at-entry.ts';
import type { ColumnSource } from './column-source.ts';
import type { ResolvedPrompt } from './resolve-prompts.ts';

/** A column, what it runs, and what checks and renders its cases. */
export interface PlannedColumn {
  column: EvalColumn;
  source: ColumnSource;
  /** Undefined for targets and for answers of the dataset. */
  prompt: (CasePrompt & { resolved: ResolvedPrompt }) | undefined;
}

interface Planning {
  spec: EvalSpec;
  prompts: readonly ResolvedPrompt[];
  /** Loads the code that talks to the models meanwhile. */
  startsNext: boolean | undefined;
}

/** Prompts × models, or targets, or the answers of the dataset. Throws UserError for an unknown model or a missing key. */
export async function planColumns(ports: EvalPorts, of: Planning): Promise<PlannedColumn[]> {
  const { spec, prompts } = of;
  if (prompts.length > 0) return promptColumns(ports, of);
  if (spec.targets.length === 0) return [{ column: PLAIN, source: { kind: 'dataset' }, prompt: undefined }];
  return spec.targets.map(({ name }, target) => {
    return { column: { ...PLAIN, prompt: name }, source: { kind: 'target', target }, prompt: undefined };
  });
}

const PLAIN: EvalColumn = {
  prompt: undefined,
  promptPath: undefined,
  version: undefined,
  sourceHash: undefined,
  contentHash: undefined,
  model: undefined,
  parameters: {},
  isBaseline: false,
  baselineColumn: undefined,
  simulated: false,
};

async function promptColumns(
  ports: EvalPorts,
  { spec, prompts, startsNext = false }: Planning,
): Promise<PlannedColumn[]> {
  const { models } = spec;
  const planned: PlannedColumn[] = [];
  const perPrompt = Math.max(1, models.length);
  for (const resolved of prompts) {
    const casePrompt = { prompt: resolved.prompt, fields: inputFields(resolved.prompt), resolved };
    for (const [index, model] of (models.length > 0 ? models : [ownModel(ports, resolved)]).entries()) {
      const baselineColumn = resolved.baseline === undefined ? undefined : resolved.baseline * perPrompt + index;
      const entry = { keys: ['models', String(index)], written: model.model };
      const plan = () => promptColumn(ports, { resolved, model, baselineColumn, casePrompt, startsNext });
      planned.push(await atEntry(ports, spec, entry, plan));
    }
  }
  return planned;
}

function ownModel({ settings }: EvalPorts, { prompt }: ResolvedPrompt): ModelSpec {
  const settingDefault = settings().defaultModel;
  const { ref } = resolveModel({ file: prompt.model?.text, settingDefault, fallback: FALLBACK_MODEL });
  return { model: ref, parameters: {} };
}

interface PromptColumn {
  resolved: ResolvedPrompt;
  model: ModelSpec;
  baselineColumn: number | undefined;
  casePrompt: CasePrompt;
  startsNext: boolean;
}

async function promptColumn(
  ports: EvalPorts,
  { resolved, model: { model, parameters }, baselineColumn, casePrompt, startsNext }: PromptColumn,
): Promise<PlannedColumn> {
  const { file, version, prompt, source, isBaseline } = resolved;
  return {
    column: {
      ...PLAIN,
      prompt: prompt.name,
      promptPath: file,
      version,
      sourceHash: sourceHash(source),
      model,
      parameters: mergeParameters(prompt.parameters, parameters),
      isBaseline,
      baselineColumn,
      simulated: await checkModel(ports, model, startsNext),
    },
    source: { kind: 'prompt', file, revision: version?.commit, source, files: {}, model, parameters },
    prompt: { ...casePrompt, resolved },
  };
}

/** Throws UserError for an unknown connection or model, and a missing key. Returns whether it is a demo model. */
async function checkModel({ models }: EvalPorts, model: string, startsNext: boolean): Promise<boolean> {
  const id = connectionOf(model);
  const slash = model.indexOf('/');
  const chat = await models.chat({ connection: id, model: model.slice(slash + 1) });
  // what fails here fails again with the first request, which reports it
  if (startsNext) chat.prepare?.().catch(() => undefined);
  const connection = await models.declared(id);
  if (!isSimulated(connection.type)) return false;
  const { models: known } = await models.listModels(connection.id);
  if (known.some(({ id }) => id === model.slice(slash + 1))) return true;
  const names = known.map(({ id }) => `${connection.id}/${id}`);
  throw new UserError(`There is no model ${model}.`, {
    code: 'unknown-model',
    hint: didYouMean(await models.suggestModels(model)) ?? `Its models are ${names.join(', ')}.`,
  });
}
