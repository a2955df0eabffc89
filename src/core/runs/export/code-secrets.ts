import type { Connection } from '../../models/connection.ts';
import { TYPE_DEFAULTS } from '../../models/connections/connection-defaults.ts';
import { secretVariable } from '../../models/connections/env-keys.ts';

/** A header's value as pieces: literal text and environment variables. */
export type Piece = { text: string } | { variable: string };

/** Google's tools print a token; a program reads it from here. */
export const GOOGLE_TOKEN = 'GOOGLE_ACCESS_TOKEN';

/** The variable with the connection's key; undefined for a server that accepts requests without one. */
export function keyVariable(connection: Connection): string | undefined {
  const name = connection.apiKeyEnv ?? TYPE_DEFAULTS[connection.type].keyEnv[0];
  // The name becomes part of a shell command, so it must be a valid shell name.
  return name !== undefined && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : undefined;
}

/** The connection's own headers with `${secret:name}` as variables, never with a value. */
export function ownHeaders(connection: Connection): [string, Piece[]][] {
  return Object.entries(connection.headers).map(([name, value]) => [name, pieces(value)]);
}

function pieces(value: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of value.matchAll(/\$\{secret:([A-Za-z0-9_.-]+)\}/g)) {
    if (match.index > end) found.push({ text: value.slice(end, match.index) });
    found.push({ variable: secretVariable(match[1] ?? '') });
    end = match.index + match[0].length;
  }
  if (end < value.length) found.push({ text: value.slice(end) });
  return found;
}
