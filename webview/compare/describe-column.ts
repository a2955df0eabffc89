import type { Column } from './state.ts';

/** The name of a column: its model, and its version if it has one. */
export function columnName({ model, version }: Pick<Column, 'model' | 'version'>): string {
  return version ? `${model} at ${version.label}` : model;
}

/** The name of a column among others. If other columns have versions, the working copy is named too. */
export function columnTitle(column: Column, columns: readonly Column[]): string {
  const isNamed = column.version || !columns.some(({ version }) => version);
  return isNamed ? columnName(column) : `${column.model} at working copy`;
}

/** Notes on a version before it runs: its problem, and how its inputs differ from the form. */
export function versionNotes({ problem, unused, added }: NonNullable<Column['version']>): string[] {
  return [
    ...(problem ? [problem.message] : []),
    ...(unused.length > 0 ? [`does not use ${unused.join(', ')}`] : []),
    ...(added.length > 0 ? [`also needs ${added.join(', ')}`] : []),
  ];
}
