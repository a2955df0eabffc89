/**
 * The columns of a row that an input schema does not allow, such as an `id` or the `expected` answer: a dataset has
 * them for other purposes. A schema that allows any property has none.
 */
export function extraColumns(row: Record<string, unknown>, schema: Record<string, unknown> | undefined): string[] {
  const { properties, additionalProperties } = schema ?? {};
  if (additionalProperties !== false || typeof properties !== 'object' || properties === null) return [];
  return Object.keys(row).filter((name) => !Object.hasOwn(properties, name));
}
