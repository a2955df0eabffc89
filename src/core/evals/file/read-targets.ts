import { isRecord } from '../../../shared/is-record.ts';
import { isLoopback } from '../../base/network/loopback.ts';
import type { ConfigChecks } from '../../config/check-config.ts';
import { headerProblem, looksSecret } from '../../models/connections/header-problem.ts';
import { jsonPathProblem } from '../targets/json-path.ts';
import type { HttpTarget, TargetSpec } from './eval-spec.ts';

const TIMEOUT_MS = 60_000;
const SECRET_VARIABLE = /(?:^|_)(?:(?:API)?KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$/i;

/** The targets of a file that are valid; the others are reported. Secrets are written as in connections. */
export function readTargets(value: unknown, folder: string, checks: ConfigChecks): TargetSpec[] {
  const items = Array.isArray(value) ? value : [];
  const names = new Set<string>();
  return items.flatMap((item: unknown, index) => {
    const keys = ['targets', String(index)];
    if (!isRecord(item) || !checks.fitsWhole(...keys)) return [];
    const name = String(item.name).trim();
    if (names.has(name)) {
      checks.report([...keys, 'name'], `targets: two targets are named "${name}".`);
    }
    names.add(name);
    return readTarget(item, { keys, name, folder, checks }) ?? [];
  });
}

interface Place {
  keys: string[];
  name: string;
  folder: string;
  checks: ConfigChecks;
}

function readTarget(fields: Record<string, unknown>, place: Place): TargetSpec | undefined {
  const { keys, name, folder, checks } = place;
  const { http, command } = fields;
  if ((http === undefined) === (command === undefined)) {
    const message = `targets: "${name}" needs ${http === undefined ? 'one' : 'only one'} of "http" and "command".`;
    checks.report(keys, message);
    return undefined;
  }
  const ownTimeout = isRecord(http) ? (http.timeoutMs ?? fields.timeoutMs) : fields.timeoutMs;
  const timeoutMs = typeof ownTimeout === 'number' ? ownTimeout : TIMEOUT_MS;
  if (Array.isArray(command)) {
    const env = readVariables(fields.env, place);
    return { name, timeoutMs, command: command.map(String), folder, env };
  }
  if (fields.env !== undefined) checks.report([...keys, 'env'], `targets: "env" is for a "command" only.`);
  const read = isRecord(http) ? readHttp(http, place) : undefined;
  return read && { name, timeoutMs, http: read };
}

function readHttp(fields: Record<string, unknown>, { keys, checks }: Place): HttpTarget | undefined {
  const written = String(fields.url).trim();
  const at = [...keys, 'http', 'url'];
  if (!URL.canParse(written)) {
    const message = 'http: "url" must be a complete URL, such as https://app.example.com/answer.';
    checks.report(at, message);
    return undefined;
  }
  const url = new URL(written);
  if ([...url.searchParams.values()].some(looksSecret)) {
    const message =
      'http: the URL appears to contain a secret. Send it as a header with ${secret:name}, and replace it.';
    checks.report(at, message);
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    const message = 'http: http to another machine sends inputs and keys unencrypted; use https.';
    checks.report(at, message, { severity: 'warning' });
  }
  const { method, body } = fields;
  if (method === 'GET' && body !== undefined) {
    const message = 'http: a GET request has no body. Without "body", the inputs are in the query of the URL.';
    checks.report([...keys, 'http', 'body'], message);
  }
  return {
    url: url.href,
    method: method === 'GET' || method === 'PUT' || method === 'PATCH' ? method : 'POST',
    headers: readHeaders(fields.headers, [...keys, 'http', 'headers'], checks),
    body,
    paths: readPaths(fields, [...keys, 'http'], checks),
  };
}

function readHeaders(value: unknown, keys: string[], checks: ConfigChecks): Record<string, string> {
  const headers = Object.entries(isRecord(value) ? value : {}).map(([name, text]) => [name, String(text)] as const);
  for (const [name, text] of headers) {
    const problem = headerProblem(name, text);
    if (problem === undefined) continue;
    checks.report([...keys, name], `http: the header ${name} ${problem}`);
  }
  return Object.fromEntries(headers);
}

function readPaths(fields: Record<string, unknown>, keys: string[], { report }: ConfigChecks): HttpTarget['paths'] {
  const names = ['answer', 'contexts', 'toolCalls', 'usage'] as const;
  const paths = names.flatMap((name) => {
    const path = fields[name];
    return typeof path === 'string' ? [[name, path.trim()] as const] : [];
  });
  for (const [name, path] of paths) {
    const problem = jsonPathProblem(path);
    if (problem !== undefined) report([...keys, name], `http: "${name}" ${problem}`);
  }
  return Object.fromEntries(paths);
}

/** Secrets have no place in a file, and a program gets no keys. */
function readVariables(value: unknown, { keys, checks }: Place): Record<string, string> {
  const variables = Object.entries(isRecord(value) ? value : {}).map(([name, text]) => [name, String(text)] as const);
  for (const [name, text] of variables) {
    const isReference = text.includes('${secret:');
    if (!isReference && !looksSecret(text) && !(SECRET_VARIABLE.test(name) && text.trim() !== '')) continue;
    const what = isReference ? 'refers to a secret' : 'appears to contain a secret';
    const message = `targets: the variable ${name} ${what}; programs get no keys. Let the program read it itself.`;
    checks.report([...keys, 'env', name], message);
  }
  return Object.fromEntries(variables);
}
