import type { EvalColumn } from '../eval-record.ts';

type Identity = Pick<EvalColumn, 'prompt' | 'promptPath' | 'version' | 'model' | 'parameters' | 'isBaseline'>;

/**
 * For each column of a result, the column of a stored one that it is compared with: the one that is most like it, first by
 * prompt, then by model, parameters and version; else the only one. Undefined for a baseline, and if several are equally
 * like it. The stored result's own baseline is none of them, unless there is nothing else.
 */
export function pairColumns(columns: readonly Identity[], stored: readonly Identity[]): (number | undefined)[] {
  const current = stored.filter(({ isBaseline }) => !isBaseline);
  const candidates = current.length > 0 ? current : stored;
  return columns.map((own) => {
    const found = own.isBaseline ? undefined : findMostAlike(own, candidates);
    return found && stored.indexOf(found);
  });
}

function findMostAlike(own: Identity, candidates: readonly Identity[]): Identity | undefined {
  const samePrompt = candidates.filter(({ prompt, promptPath }) =>
    promptPath === undefined ? prompt === own.prompt : promptPath === own.promptPath,
  );
  const sameModel = samePrompt.filter(({ model }) => model === own.model);
  const sameParameters = sameModel.filter(
    ({ parameters }) => JSON.stringify(parameters) === JSON.stringify(own.parameters),
  );
  const sameVersion = sameParameters.filter(({ version }) => version?.label === own.version?.label);
  const found = [sameVersion, sameParameters, sameModel, samePrompt, candidates].find(({ length }) => length > 0) ?? [];
  return found.length === 1 || found === sameVersion ? found[0] : undefined;
}
