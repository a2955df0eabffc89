import { formatNumber } from '../../shared/format.ts';
import { UserError } from '../base/errors.ts';
import type { Log } from '../base/ports.ts';
import type { Connection } from '../models/connection.ts';
import type { RunSpec } from './events.ts';
import { readProviderRequest } from './export/code-request.ts';

/** A request as it would be sent, for reading: it contains no key and no header. */
interface PreviewRequest {
  url: string;
  /** Formatted JSON; images and documents are shown by their size. */
  body: string;
}

/** The body that a provider would receive for a run, with streaming. Nothing is sent and no key is needed. */
export async function previewRequest(spec: RunSpec, connection: Connection, log: Log): Promise<PreviewRequest> {
  if (connection.type === 'vscode') {
    throw new UserError(`${spec.model} is called through VS Code, which creates the request itself.`, {
      code: 'usage',
    });
  }
  const { url, body } = await readProviderRequest(spec, connection, log);
  return { url, body: JSON.stringify(body, (_key, value: unknown) => shorten(value), 2) };
}

const LONGEST_DATA = 400;

/** Base64 is useless to a reader, and megabytes of it would be sent to the panel at every pause in typing. */
function shorten(value: unknown): unknown {
  if (typeof value !== 'string' || value.length <= LONGEST_DATA) return value;
  const head = /^data:[^,]{0,100},/.exec(value)?.[0];
  if (head === undefined && !/^[A-Za-z0-9+/]{400}/.test(value)) return value;
  return `${value.slice(0, (head?.length ?? 0) + 24)}… (${formatNumber(value.length)} characters)`;
}
