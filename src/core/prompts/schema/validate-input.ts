import type { ErrorObject, ValidateFunction } from 'ajv';
import { joinPath } from '../../../shared/input-path.ts';
import { isRecord } from '../../../shared/is-record.ts';
import { createBoundedRegExp } from '../../base/bounded-regexp.ts';
import { lazy } from '../../base/lazy.ts';
import type { JsonSchema } from '../../models/chat-model.ts';
import { describe } from '../front-matter/parameters.ts';
import type { InputProblem } from '../prompt.ts';
import { plainCheck } from './plain-check.ts';

/** Validates an input against a prompt's compiled schema. A schema that is not an object's does not restrict inputs. */
export async function validateInput(schema: JsonSchema, input: Record<string, unknown>): Promise<InputProblem[]> {
  const isObject = schema.type === undefined || schema.type === 'object' || isRecord(schema.properties);
  return isObject ? validateValue(schema, input) : [];
}

/** Every violation of a JSON Schema by a value, in plain language. An invalid schema is one problem. */
export async function validateValue(schema: JsonSchema, value: unknown): Promise<InputProblem[]> {
  if (plainCheck(schema)?.(value)) return [];
  const validate = await compileSchema(schema).catch(reasonOf);
  if (typeof validate === 'string') {
    return [{ path: '$', message: `cannot be checked, because the schema is not valid JSON Schema: ${validate}` }];
  }
  if (validate(value)) return [];
  const problems = (validate.errors ?? []).map((error) => explain(error, value));
  const seen = new Set<string>();
  return problems.filter(({ path, message }) => !seen.has(`${path} ${message}`) && seen.add(`${path} ${message}`));
}

/** Why a schema is not valid JSON Schema, so that nothing can be said about a value; undefined if it is. */
export async function findSchemaProblem(schema: JsonSchema): Promise<string | undefined> {
  if (plainCheck(schema)) return undefined;
  const validate = await compileSchema(schema).catch(reasonOf);
  return typeof validate === 'string' ? validate : undefined;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const compiled = new WeakMap<JsonSchema, ValidateFunction>();
const loadAjv = lazy(async () => {
  // Only the default export exists both in Node and in esbuild's bundle.
  const { default: Ajv } = await import('ajv');
  const regExp = Object.assign(createBoundedRegExp, { code: 'createBoundedRegExp' });
  return new Ajv({
    allErrors: true,
    strict: false,
    validateFormats: false,
    logger: false,
    verbose: true,
    code: { regExp },
  });
});

async function compileSchema(schema: JsonSchema): Promise<ValidateFunction> {
  const known = compiled.get(schema);
  if (known) return known;
  const compiler = await loadAjv();
  // Drafts do not differ in what is checked here, and ajv rejects a draft that it was not created for.
  const { $schema: _draft, $id: _id, ...plain } = schema;
  const validate = compiler.compile(plain);
  compiler.removeSchema(plain);
  compiled.set(schema, validate);
  return validate;
}

function explain(error: ErrorObject, root: unknown): InputProblem {
  const path = toPath(error.instancePath, root);
  const params: Record<string, unknown> = error.params;
  switch (error.keyword) {
    case 'required':
      return { path: joinPath(path, String(params.missingProperty)), message: 'is missing' };
    case 'additionalProperties':
      return { path: joinPath(path, String(params.additionalProperty)), message: 'is not in the schema' };
    case 'type': {
      const types = [params.type].flat().filter((type) => type !== 'null');
      return { path, message: `must be ${types.map(typeName).join(' or ')}, not ${describe(error.data)}` };
    }
    case 'enum': {
      const values = Array.isArray(params.allowedValues) ? params.allowedValues : [];
      const shown = values.filter((value) => value !== null).map((value) => String(value));
      return { path, message: `must be one of ${shown.join(', ')}, not ${describe(error.data)}` };
    }
    case 'const':
      return { path, message: `must be ${JSON.stringify(params.allowedValue)}` };
    default:
      return { path, message: error.message ?? 'does not match the schema' };
  }
}

function typeName(type: unknown): string {
  const names: Record<string, string> = {
    string: 'text',
    number: 'a number',
    integer: 'an integer',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map',
  };
  return names[String(type)] ?? String(type);
}

/** ajv's JSON pointer as the path that people write: `$.items[0].name`. */
function toPath(pointer: string, root: unknown): string {
  let path = '$';
  let value = root;
  for (const escaped of pointer.split('/').slice(1)) {
    const key = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    path = Array.isArray(value) ? `${path}[${key}]` : joinPath(path, key);
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  return path;
}
