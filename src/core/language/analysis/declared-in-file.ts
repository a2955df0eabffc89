import { createSchemaResolver, readSchemaFile } from '../../prompts/schema/named-schemas.ts';
import { parseYamlTree } from '../syntax/parse-front-matter.ts';
import type { FileOccurrence, LanguageFiles } from '../workspace/language-files.ts';
import type { DeclaredVariable } from './declared-variable.ts';
import { type FindSchema, schemaFinder } from './file-variables.ts';
import type { NamePath } from './name-uses.ts';
import { declaredVariables, findDeclared, schemaVariables } from './schema-variables.ts';

/** The file in a `schemas` folder that declares a prompt's variable or a field of it; undefined if the prompt does. */
export function declaredInFile(
  files: LanguageFiles,
  path: string,
  names: NamePath,
): { variable: DeclaredVariable; place: FileOccurrence } | undefined {
  const prompt = files.prompt(path);
  const variables = prompt ? declaredVariables(prompt.tree, findSchemaIn(files, path)) : [];
  const variable = findDeclared(variables, names);
  const file = variable?.file === undefined ? undefined : files.schemaPath(variable.file, path);
  if (variable?.from !== 'file' || file === undefined) return undefined;
  const outer = names.findIndex((_name, at) => findDeclared(variables, names.slice(0, at + 1))?.from === 'file');
  const text = files.text(file) ?? '';
  const written = schemaVariables(parseYamlTree(text, { start: 0, end: text.length }));
  // a schema that refers to another one declares its fields there
  const range = findDeclared(written, names.slice(outer))?.range ?? { start: 0, end: 0 };
  return { variable, place: { path: file, range, role: 'declaration' } };
}

function findSchemaIn(files: LanguageFiles, path: string): FindSchema {
  const resolve = createSchemaResolver((name) => {
    const file = files.schemaPath(name, path);
    const text = file === undefined ? undefined : files.text(file);
    return file === undefined || text === undefined ? undefined : readSchemaFile(file, text);
  });
  return schemaFinder({ schema: resolve }, path);
}
