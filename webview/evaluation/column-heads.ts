import type { EvalColumn } from '../../src/protocol/evaluation.ts';
import { columnTitle } from '../../src/shared/column-title.ts';

type Titled = Pick<EvalColumn, 'prompt' | 'version' | 'model' | 'isBaseline'>;

export interface ColumnHead {
  /** What answers: `production`, `churn@v2`, or the model if only models differ. */
  first: string;
  /** The model, if the columns differ in both. */
  second: string | undefined;
}

/** The head of each column without what all of them have in common, so that what differs is never cut off. */
export function columnHeads(columns: readonly Titled[]): ColumnHead[] {
  const names = promptNames(columns);
  const models = columns.map(({ model }) => model);
  const [differByName, differByModel] = [isMixed(names), isMixed(models)];
  return columns.map((column, index) => {
    const [name, model] = [names[index] || columnTitle({}), models[index]];
    const baseline = column.isBaseline ? ' (baseline)' : '';
    if (differByName && differByModel) return { first: `${name}${baseline}`, second: model ?? '' };
    const only = differByName ? name : differByModel ? (model ?? name) : columnTitle(column);
    return { first: `${only}${baseline}`, second: undefined };
  });
}

/** The same on one line, without the connection if all models are of one. */
export function columnLabels(columns: readonly Titled[]): string[] {
  const connections = columns.flatMap(({ model }) => (model === undefined ? [] : connectionOf(model)));
  const shorten = (model: string) => (isMixed(connections) ? model : model.slice(model.indexOf('/') + 1));
  return columnHeads(columns).map(({ first, second }, index) => {
    const isModel = second === undefined && first === columns[index]?.model;
    return second ? `${first.replace(' (baseline)', '')} · ${shorten(second)}` : isModel ? shorten(first) : first;
  });
}

/** Versions of one prompt need no name. */
function promptNames(columns: readonly Titled[]): string[] {
  const isOnePrompt = !isMixed(columns.map(({ prompt }) => prompt)) && isMixed(columns.map(versionOf));
  return columns.map((column) =>
    isOnePrompt ? (versionOf(column) ?? 'working copy') : columnTitle({ ...column, model: undefined }),
  );
}

const versionOf = ({ version }: Titled) => version?.label;
const connectionOf = (model: string) => model.slice(0, Math.max(0, model.indexOf('/')));

function isMixed(values: readonly (string | undefined)[]): boolean {
  return new Set(values).size > 1;
}
