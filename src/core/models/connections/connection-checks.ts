import { isRecord } from '../../base/is-record.ts';
import { didYouMean, nearestNames } from '../../base/nearest-name.ts';
import { isLoopback } from '../../base/network/loopback.ts';
import { isSecretHeader } from '../../base/secrets/redact.ts';
import { CONNECTION_TYPES, type ConnectionType } from '../chat-model.ts';
import type { ConnectionProblem } from '../models.ts';
import { RESERVED_IDS } from './connection-defaults.ts';
import { secretNames } from './keys.ts';

/** A declaration after checking: only what is sound is in it, and it may leave out what another source says. */
export interface Declaration {
  id: string;
  type?: ConnectionType;
  baseUrl?: string;
  apiKeyEnv?: string;
  headers?: Record<string, string>;
  project?: string;
  location?: string;
  apiVersion?: string;
  models?: string[];
  timeoutMs?: number;
  contentTimeoutMs?: number;
  streamOptions?: boolean;
  /** Fields that were written wrongly; without the one that says where to send, the connection cannot be used. */
  unusable?: string;
}

/** Tells of a problem; `path` leads to the field, so that the caller can say where it stands. */
export type Report = (path: string[], message: string, severity?: ConnectionProblem['severity']) => void;

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
/** Headers that the client itself makes; declared ones would break the request. */
const OWN_HEADERS = /^(?:host|content-length|content-type|connection|transfer-encoding|expect|upgrade)$/i;
const LOOKS_SECRET = /\b(?:sk-|ghp_|gho_|hf_|AIza|AKIA|ya29\.|xox[bap]-|eyJ)[\w-]{6,}|\b(?:Bearer|Basic)\s+\S{6,}/i;
const LONG_TOKEN = /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9+/_=-]{28,}$/;

type FieldCheck = (value: unknown, path: string[], report: Report) => unknown;

const FIELDS: Record<Exclude<keyof Declaration, 'id' | 'unusable'>, FieldCheck> = {
  type: checkType,
  baseUrl: checkBaseUrl,
  apiKeyEnv: (value, path, report) =>
    checkText(value, path, report, {
      pattern: ENV_NAME,
      what: 'the name of an environment variable, such as OPENAI_API_KEY',
    }),
  headers: checkHeaders,
  // Project and location become part of a host name and a path, so nothing else may be smuggled in with them.
  project: (value, path, report) =>
    checkText(value, path, report, {
      pattern: /^[a-z0-9][a-z0-9.:-]*$/,
      what: "a Google Cloud project's id or number",
    }),
  location: (value, path, report) =>
    checkText(value, path, report, {
      pattern: /^[a-z][a-z0-9-]*$/,
      what: 'a location, such as europe-west4 or global',
    }),
  apiVersion: (value, path, report) =>
    checkText(value, path, report, { pattern: /^[A-Za-z0-9.-]+$/, what: 'a version, such as 2025-04-01-preview' }),
  models: checkModels,
  timeoutMs: checkTimeout,
  contentTimeoutMs: checkTimeout,
  streamOptions: checkFlag,
};
export const FIELD_NAMES = Object.keys(FIELDS);

/** Checks a map of id → declaration, as it stands in connections.yaml or in the settings. Never throws. */
export function checkDeclarations(value: unknown, report: Report): Declaration[] {
  if (value === undefined || value === null) return [];
  if (!isRecord(value)) {
    report([], 'This must be a map: an id for each connection, with its type and base URL below.');
    return [];
  }
  return Object.entries(value).flatMap(([id, fields]) => checkDeclaration(id, fields, report) ?? []);
}

function checkDeclaration(id: string, fields: unknown, report: Report): Declaration | undefined {
  if (!ID.test(id)) {
    report([id], `"${id}" cannot be an id: use letters, digits, ".", "-" and "_", and begin with a letter or digit.`);
    return undefined;
  }
  if (RESERVED_IDS.includes(id)) {
    report([id], `"${id}" is built in and cannot be declared; choose another id.`);
    return undefined;
  }
  if (!isRecord(fields)) {
    report([id], `${id}: this must be a map with "type", and "baseUrl" where the type needs one.`);
    return undefined;
  }
  const declaration: Record<string, unknown> = { id };
  for (const [name, value] of Object.entries(fields)) {
    const check = Object.hasOwn(FIELDS, name) ? FIELDS[name as keyof typeof FIELDS] : undefined;
    if (check === undefined) {
      reportUnknownField(id, name, report);
      continue;
    }
    const checked = check(value, [id, name], report);
    if (checked !== undefined) declaration[name] = checked;
    else if (name === 'type' || name === 'baseUrl' || name === 'headers')
      declaration.unusable = `its ${name} is not valid`;
  }
  return declaration as unknown as Declaration;
}

function reportUnknownField(id: string, name: string, report: Report): void {
  if (/key|token|secret|password/i.test(name)) {
    report(
      [id, name],
      `${id}: keys do not belong in this file. Take it out, use "LLMOps: Set API Key", and replace the key if it was shared.`,
    );
    return;
  }
  const hint = didYouMean(nearestNames(name, FIELD_NAMES, 1)) ?? `Known are ${FIELD_NAMES.join(', ')}.`;
  report([id, name], `${id}: there is no field "${name}". ${hint}`, 'warning');
}

function checkType(value: unknown, path: string[], report: Report): ConnectionType | undefined {
  const types = CONNECTION_TYPES.filter((type) => !RESERVED_IDS.includes(type));
  const found = types.find((type) => type === value);
  if (found !== undefined) return found;
  if (typeof value === 'string' && RESERVED_IDS.includes(value)) {
    report(path, `${path[0]}: connections of type "${value}" are built in and cannot be declared.`);
    return undefined;
  }
  const wrong = typeof value === 'string' ? value : '';
  const hint = didYouMean(nearestNames(wrong, types, 1)) ?? `Types are ${types.join(', ')}.`;
  report(
    path,
    wrong === '' ? `${path[0]}: "type" must be a name. ${hint}` : `${path[0]}: there is no type "${wrong}". ${hint}`,
  );
  return undefined;
}

function checkBaseUrl(value: unknown, path: string[], report: Report): string | undefined {
  const [id] = path;
  if (typeof value !== 'string' || !URL.canParse(value.trim())) {
    report(path, `${id}: "baseUrl" must be a whole URL, such as https://llm.example.com/v1.`);
    return undefined;
  }
  const url = new URL(value.trim());
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    report(path, `${id}: the base URL must begin with https:// (or http:// for a server on this machine).`);
    return undefined;
  }
  if (url.username !== '' || url.password !== '') {
    report(path, `${id}: a base URL cannot hold a user name or password. Take them out and use "LLMOps: Set API Key".`);
    return undefined;
  }
  if (url.search !== '' || url.hash !== '') {
    report(path, `${id}: a base URL ends before "?" and "#". Azure's version goes into "apiVersion".`);
    return undefined;
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    report(path, `${id}: http to another machine sends prompts and keys in the clear; use https.`, 'warning');
  }
  return url.href.replace(/\/+$/, '');
}

function checkHeaders(value: unknown, path: string[], report: Report): Record<string, string> | undefined {
  if (!isRecord(value)) {
    report(path, `${path[0]}: "headers" must be a map of names and values.`);
    return undefined;
  }
  const headers: Record<string, string> = {};
  for (const [name, raw] of Object.entries(value)) {
    const text = typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : raw;
    const problem = headerProblem(name, text);
    if (problem !== undefined) report([...path, name], `${path[0]}: the header ${name} ${problem}`);
    else if (typeof text === 'string') headers[name] = text;
  }
  return headers;
}

/** The value itself is never repeated: it may be a secret. */
function headerProblem(name: string, value: unknown): string | undefined {
  if (!HEADER_NAME.test(name)) return 'has a name that HTTP does not allow; it is not sent.';
  if (name === '__proto__') return 'has a name that cannot be sent.';
  if (OWN_HEADERS.test(name)) return 'is set by the client itself and cannot be declared.';
  if (typeof value !== 'string') return 'must have a text as its value; it is not sent.';
  if (/[^\x20-\x7e]/.test(value)) return 'has characters in its value that HTTP does not allow; it is not sent.';
  const literal = value.replace(/\$\{secret:[A-Za-z0-9_.-]+\}/g, '');
  if (literal.includes('${')) return `has a reference that is not understood; secrets are written \${secret:name}.`;
  const references = secretNames(value).length;
  const looksSecret = LOOKS_SECRET.test(literal) || LONG_TOKEN.test(literal.trim());
  if (!looksSecret && !(isSecretHeader(name) && references === 0 && literal.trim() !== '')) return undefined;
  return `seems to hold a secret and is not sent. Write \${secret:name} in its place, and replace the secret if it was shared.`;
}

function checkModels(value: unknown, path: string[], report: Report): string[] | undefined {
  const names = Array.isArray(value)
    ? value.filter((name): name is string => typeof name === 'string' && name.trim() !== '')
    : [];
  if (Array.isArray(value) && names.length === value.length) return [...new Set(names.map((name) => name.trim()))];
  report(path, `${path[0]}: "models" must be a list of model ids.`);
  return undefined;
}

function checkTimeout(value: unknown, path: string[], report: Report): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 1) return Math.round(value);
  report(path, `${path[0]}: "${path[1]}" must be a number of milliseconds, 1 or more.`);
  return undefined;
}

function checkFlag(value: unknown, path: string[], report: Report): boolean | undefined {
  if (typeof value === 'boolean') return value;
  report(path, `${path[0]}: "${path[1]}" must be true or false.`);
  return undefined;
}

function checkText(
  value: unknown,
  path: string[],
  report: Report,
  { pattern, what }: { pattern: RegExp; what: string },
): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && pattern.test(text)) return text;
  report(path, `${path[0]}: "${path[1]}" must be ${what}.`);
  return undefined;
}
