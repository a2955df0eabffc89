import { fieldName, findEntry, schemaFields } from '../analysis/declarations.ts';
import type { DeclaredVariable } from '../analysis/declared-variable.ts';
import { type FindSchema, isClosedFile } from '../analysis/file-variables.ts';
import { type NameUse, nameUses } from '../analysis/name-uses.ts';
import { declaredVariables, findDeclared, scalars } from '../analysis/schema-variables.ts';
import type { AnalyzedPrompt, SyntaxTree } from '../syntax/tree.ts';

/** Only a file with a schema defines its inputs; one that allows any other does not. */
export function isClosedSchema({ frontMatter }: SyntaxTree, findSchema: FindSchema): boolean {
  const schema = findEntry(frontMatter?.root, ['input', 'schema'])?.value;
  if (schema?.kind === 'scalar') {
    const named = findSchema(scalars(schema)[0]?.text.replace(/,.*/s, '').trim() ?? '');
    return named !== undefined && isClosedFile(named);
  }
  if (schema?.kind !== 'map') return false;
  const fields = schemaFields(schema);
  if (fields.length === 0 || fields.some(({ key }) => fieldName(key) === '(*)')) return false;
  if (fields === schema.entries) return true;
  // JSON Schema leaves its objects open by default, and may compose them of several parts
  return !schema.entries.some(({ key, value }) => {
    const isClosed = value?.kind === 'scalar' && value.value === false;
    return /^(?:allOf|anyOf|oneOf|\$ref|patternProperties)$/.test(key) || (key === 'additionalProperties' && !isClosed);
  });
}

/** A place that names a field which its map, or its list's elements, cannot have. */
interface UnknownField extends NameUse {
  name: string;
  owner: DeclaredVariable;
}

export function unknownFields(prompt: AnalyzedPrompt, findSchema: FindSchema): UnknownField[] {
  const variables = declaredVariables(prompt.tree, findSchema);
  return nameUses(prompt, { findSchema }).uses.flatMap((use): UnknownField[] => {
    const name = use.names.at(-1) ?? '';
    const owner = use.names.length > 1 ? findDeclared(variables, use.names.slice(0, -1)) : undefined;
    if (!owner?.closed || owner.fields.some((field) => field.name === name)) return [];
    return name === 'length' && owner.type?.startsWith('array') ? [] : [{ ...use, name, owner }];
  });
}
