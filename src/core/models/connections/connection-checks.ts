import schema from '../../../../media/schemas/connections.schema.json' with { type: 'json' };
import { isRecord } from '../../../shared/is-record.ts';
import { isLoopback } from '../../base/network/loopback.ts';
import { type ConfigChecks, type ConfigRules, checkConfig, type Report } from '../../config/check-config.ts';
import type { Connection } from '../connection.ts';
import { RESERVED_IDS } from './connection-defaults.ts';
import { headerProblem } from './header-problem.ts';

/** A validated declaration: it contains only valid fields, and another source may provide the missing ones. */
export interface Declaration extends Partial<Omit<Connection, 'id' | 'source' | 'declaredIn'>> {
  id: string;
  /** Invalid fields; if the target address is among them, the connection cannot be used. */
  unusable?: string;
}

const RULES: ConfigRules<Declaration[]> = {
  schema,
  nameEntry: (id) => `${id}: `,
  severityOf: ({ keyword }) => (keyword === 'false' ? 'warning' : undefined),
  // required fields may be in the settings: they are checked after both are merged
  isJudged: ({ keyword }) => keyword !== 'required',
  read: (value, checks) =>
    isRecord(value) ? Object.entries(value).flatMap(([id, fields]) => readDeclaration(id, fields, checks) ?? []) : [],
};
export const FIELD_NAMES = Object.keys(schema.definitions.connection.properties);

/** Checks a map of id → declaration, from connections.yaml or the settings. Never throws. */
export function checkDeclarations(value: unknown, report: Report): Declaration[] {
  return checkConfig(value, RULES, report);
}

/** Converts the value of a field that matches the schema; undefined if code rejects (and has reported) it. */
type ReadField = (value: unknown, path: readonly [string, string], report: Report) => unknown;

const READ: Record<string, ReadField> = {
  type: readType,
  baseUrl: readBaseUrl,
  headers: readHeaders,
  project: String,
  apiVersion: String,
  models: (value) => (Array.isArray(value) ? [...new Set(value.map((name) => String(name).trim()))] : undefined),
  timeoutMs: (value) => Math.round(Number(value)),
  contentTimeoutMs: (value) => Math.round(Number(value)),
};
/** One invalid header does not invalidate the others. */
const KEPT_IN_PART = new Set(['headers']);
const NEEDED = new Set(['type', 'baseUrl', 'headers']);

function readDeclaration(id: string, fields: unknown, { report, fits, fitsWhole }: ConfigChecks) {
  if (RESERVED_IDS.includes(id)) report([id], `"${id}" is built in and cannot be declared; choose another id.`);
  if (!fits(id) || !isRecord(fields)) return undefined;
  const declaration: Record<string, unknown> = { id };
  for (const [name, value] of Object.entries(fields)) {
    if (!FIELD_NAMES.includes(name)) {
      reportSecretField(id, name, report);
      continue;
    }
    const read = READ[name];
    const made = read ? read(value, [id, name], report) : value;
    const isSound = KEPT_IN_PART.has(name) ? fits(id, name) : fitsWhole(id, name);
    if (isSound && made !== undefined) declaration[name] = made;
    else if (NEEDED.has(name)) declaration.unusable = `its ${name} is not valid`;
  }
  return declaration as unknown as Declaration;
}

function reportSecretField(id: string, name: string, report: Report): void {
  if (!/key|token|secret|password/i.test(name)) return;
  report(
    [id, name],
    `${id}: keys do not belong in this file. Remove it, use "LLMOps: Set API Key", and replace the key if it was shared.`,
    { bySchema: false },
  );
}

function readType(value: unknown, path: readonly [string, string], report: Report): unknown {
  if (typeof value !== 'string' || !RESERVED_IDS.includes(value)) return value;
  report(path, `${path[0]}: connections of type "${value}" are built in and cannot be declared.`);
  return undefined;
}

function readBaseUrl(value: unknown, path: readonly [string, string], report: Report): string | undefined {
  const [id] = path;
  if (typeof value !== 'string' || !URL.canParse(value.trim())) {
    report(path, `${id}: "baseUrl" must be a complete URL, such as https://llm.example.com/v1.`);
    return undefined;
  }
  const url = new URL(value.trim());
  const problem = urlProblem(url);
  if (problem !== undefined) {
    report(path, `${id}: ${problem}`, url.username || url.password ? { bySchema: false } : undefined);
    return undefined;
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    const message = `${id}: http to another machine sends prompts and keys unencrypted; use https.`;
    report(path, message, { severity: 'warning' });
  }
  return url.href.replace(/\/+$/, '');
}

function urlProblem({ protocol, username, password, search, hash }: URL): string | undefined {
  if (protocol !== 'https:' && protocol !== 'http:')
    return 'the base URL must start with https:// (or http:// for a server on this machine).';
  if (username !== '' || password !== '')
    return 'a base URL cannot contain a user name or password. Remove them and use "LLMOps: Set API Key".';
  if (search !== '' || hash !== '')
    return `a base URL cannot contain "?" or "#". Azure's version belongs in "apiVersion".`;
  return undefined;
}

function readHeaders(value: unknown, path: readonly [string, string], report: Report) {
  if (!isRecord(value)) return undefined;
  const headers: Record<string, string> = {};
  for (const [name, raw] of Object.entries(value)) {
    const text = typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : raw;
    if (typeof text !== 'string') continue;
    const problem = headerProblem(name, text);
    if (problem === undefined) headers[name] = text;
    else report([...path, name], `${path[0]}: the header ${name} ${problem}`);
  }
  return headers;
}
