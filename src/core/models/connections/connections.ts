import { collectProblems } from '../../config/check-config.ts';
import type { ConfigProblem } from '../../config/config-problem.ts';
import { type ConfigFile, LONGEST_YAML } from '../../config/read-config-text.ts';
import type { Connection, ConnectionSource } from '../connection.ts';
import { checkDeclarations, type Declaration } from './connection-checks.ts';
import { builtInConnections, type Environment, TYPE_DEFAULTS, withDefaults } from './connection-defaults.ts';

const SETTING = 'llmops.connections';
export const CONNECTIONS: ConfigFile = {
  path: 'llmops/connections.yaml',
  unused: 'No connections from this file are used.',
  tooLong: 'This file is larger than 100 KB and is not read: none of its connections are used. Shorten it.',
};

export interface Declared {
  declarations: Declaration[];
  problems: ConfigProblem[];
  /** The position of an id, for a problem that is found only after merging. */
  rangeOf?: (keys: string[]) => ConfigProblem['range'];
}

/** All declarations, merged. `invalid` explains why a declared id cannot be used. */
export interface Connections {
  connections: Map<string, Connection>;
  invalid: Map<string, string>;
  problems: ConfigProblem[];
}

/** Reads llmops/connections.yaml; every problem has the offsets of its cause. Loads the YAML parser. */
export async function parseConnections(text: string, path: string): Promise<Declared> {
  if (text.length > LONGEST_YAML) return unusedFile(path, CONNECTIONS.tooLong);
  const { readYaml, problemWithLine } = await import('../../config/read-yaml.ts');
  const file = readYaml(text, path, CONNECTIONS.unused);
  const { value, rangeOf } = file;
  const { report, problems } = collectProblems({ where: path, rangeOf });
  const declarations = checkDeclarations(value, report);
  return { declarations, problems: file.problem ? problemWithLine(file) : problems(), rangeOf };
}

/** Problems in the file alone. A missing required field is a warning: the user's settings may provide it. */
export async function checkConnectionFile(text: string, path: string): Promise<ConfigProblem[]> {
  const declared = await parseConnections(text, path);
  const settings: Declared = { declarations: [], problems: [] };
  const { problems } = mergeConnections({ env: {}, hasHostModels: false, file: { declared, path }, settings });
  return problems.map((problem) => {
    return declared.problems.includes(problem) ? problem : { ...problem, severity: 'warning' as const };
  });
}

/** The problem of a file that is not used at all. */
export function unusedFile(path: string, message: string): Declared {
  return { declarations: [], problems: [{ where: path, message }] };
}

/** The same checks on the user's settings, which have no offsets. */
export function readSettingsConnections(value: unknown): Declared {
  const { report, problems } = collectProblems({ where: SETTING });
  return { declarations: checkDeclarations(value, report), problems: problems() };
}

/** Built-in ← workspace file ← user settings, field by field; another type starts over. */
export function mergeConnections(options: {
  env: Environment;
  hasHostModels: boolean;
  file: { declared: Declared; path: string } | undefined;
  settings: Declared;
}): Connections {
  const drafts = new Map<string, Draft>();
  for (const connection of builtInConnections({}, options.hasHostModels)) {
    const { id, type } = connection;
    drafts.set(id, { connection: { id, type, source: 'built-in', headers: {} } });
  }
  const layers: [Declared, ConnectionSource, string][] = [[options.settings, 'settings', SETTING]];
  if (options.file) layers.unshift([options.file.declared, 'workspace', options.file.path]);
  for (const [{ declarations, rangeOf }, source, where] of layers) {
    for (const declaration of declarations) overlay(drafts, declaration, { source, where, rangeOf });
  }
  const result: Connections = {
    connections: new Map(),
    invalid: new Map(),
    problems: layers.flatMap(([{ problems }]) => problems),
  };
  for (const [id, draft] of drafts) finish(result, id, { draft, env: options.env });
  return result;
}

interface Draft {
  connection: Omit<Connection, 'type'> & { type?: Connection['type'] };
  where?: string;
  rangeOf?: Declared['rangeOf'];
  unusable?: string;
}

function overlay(
  drafts: Map<string, Draft>,
  declaration: Declaration,
  from: { source: ConnectionSource; where: string; rangeOf: Declared['rangeOf'] },
): void {
  const { id, unusable, headers, ...fields } = declaration;
  const before = drafts.get(id);
  const sameType = fields.type === undefined || fields.type === before?.connection.type;
  const base = before && sameType ? before.connection : { id, headers: {} };
  const connection = { ...base, ...fields, source: from.source, headers: mergeHeaders(base.headers, headers) };
  if (from.source === 'workspace') Object.assign(connection, { declaredIn: from.where });
  // A field of a later source replaces an invalid one of an earlier source, and the other way round.
  const problem = unusable ?? (fields.baseUrl === undefined && sameType ? before?.unusable : undefined);
  drafts.set(id, { connection, where: from.where, rangeOf: from.rangeOf, ...(problem && { unusable: problem }) });
}

function mergeHeaders(base: Record<string, string>, over: Record<string, string> = {}): Record<string, string> {
  const replaced = new Set(Object.keys(over).map((name) => name.toLowerCase()));
  const kept = Object.entries(base).filter(([name]) => !replaced.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...over };
}

function finish(result: Connections, id: string, { draft, env }: { draft: Draft; env: Environment }): void {
  const { connection, where = SETTING, rangeOf } = draft;
  const missing = draft.unusable === undefined ? missingField(connection) : undefined;
  if (missing !== undefined) {
    const range = rangeOf?.([id]);
    const { message, bySchema } = missing;
    result.problems.push({
      where,
      message: `${id}: ${message}`,
      ...(range && { range }),
      ...(bySchema && { bySchema }),
    });
  }
  const reason = draft.unusable ?? missing?.reason;
  if (reason !== undefined) result.invalid.set(id, reason);
  else if (connection.type) result.connections.set(id, withDefaults({ ...connection, type: connection.type }, env));
}

interface Missing extends Pick<ConfigProblem, 'message' | 'bySchema'> {
  reason: string;
}

function missingField({ type, baseUrl }: Draft['connection']): Missing | undefined {
  if (type === undefined) {
    return { reason: 'it has no type', message: `"type" is missing. Known types: ${typeNames()}.` };
  }
  if (!TYPE_DEFAULTS[type].baseUrlRequired || baseUrl !== undefined) return undefined;
  return { reason: 'it has no base URL', message: `a connection of type ${type} needs a "baseUrl".`, bySchema: true };
}

function typeNames(): string {
  return Object.keys(TYPE_DEFAULTS)
    .filter((type) => type !== 'demo' && type !== 'vscode')
    .join(', ');
}
