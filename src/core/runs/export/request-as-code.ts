import type { Log } from '../../base/ports.ts';
import type { Connection } from '../../models/connection.ts';
import type { RunSpec } from '../events.ts';
import { readCodeRequest } from './code-request.ts';

export type CodeLanguage = 'curl' | 'python' | 'typescript';

/** A run's request as a program; keys and secrets occur in it only as names of environment variables. */
export async function requestAsCode(
  spec: RunSpec,
  connection: Connection,
  { language, log }: { language: CodeLanguage; log: Log },
): Promise<string> {
  const request = await readCodeRequest(spec, connection, log);
  switch (language) {
    case 'curl':
      return (await import('./curl-code.ts')).toCurl(request);
    case 'python':
      return (await import('./python-code.ts')).toPython(request);
    case 'typescript':
      return (await import('./typescript-code.ts')).toTypeScript(request);
  }
}
