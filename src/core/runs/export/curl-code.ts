import type { CodeRequest } from './code-request.ts';
import { keyVariable, ownHeaders, type Piece } from './code-secrets.ts';

/** The Messages API's version, and the one that Vertex AI requires in the body instead. */
const ANTHROPIC_VERSION = '2023-06-01';
const VERTEX_ANTHROPIC_VERSION = 'vertex-2023-10-16';

/**
 * A POSIX shell command. The body is in a quoted here-document: nothing in it is expanded, nothing needs escaping, and
 * no limit on the length of an argument applies. No line of pretty-printed JSON can be the delimiter.
 */
export function toCurl(request: CodeRequest): string {
  const headers: [string, Piece[]][] = [['Content-Type', [{ text: 'application/json' }]], ...authHeaders(request)];
  const lines = [
    `curl ${quote([{ text: request.url }])}`,
    ...headers.map(([name, value]) => `  -H ${quote([{ text: `${name}: ` }, ...value])}`),
    `  --data-binary @- <<'JSON'`,
  ];
  return `${lines.join(' \\\n')}\n${JSON.stringify(bodyOf(request), null, 2)}\nJSON\n`;
}

function authHeaders({ client, connection }: CodeRequest): [string, Piece[]][] {
  const own = ownHeaders(connection);
  if (client === 'genai' || client === 'anthropic-vertex' || client === 'vertex-openai') {
    return [['Authorization', [{ text: 'Bearer ' }, { variable: '(gcloud auth print-access-token)' }]], ...own];
  }
  const variable = keyVariable(connection);
  const version: [string, Piece[]][] =
    client === 'anthropic' ? [['anthropic-version', [{ text: ANTHROPIC_VERSION }]]] : [];
  if (variable === undefined) return [...version, ...own];
  if (client === 'anthropic') return [['x-api-key', [{ variable }]], ...version, ...own];
  if (client === 'azure-openai') return [['api-key', [{ variable }]], ...own];
  return [['Authorization', [{ text: 'Bearer ' }, { variable }]], ...own];
}

function bodyOf({ client, body }: CodeRequest): Record<string, unknown> {
  if (client !== 'anthropic-vertex') return body;
  const { model: _model, ...rest } = body;
  return { anthropic_version: VERTEX_ANTHROPIC_VERSION, ...rest };
}

/** One shell word: text with a special character, even `!` when typed by hand, is in single quotes. */
function quote(pieces: Piece[]): string {
  const isTame = pieces.every((piece) => !('text' in piece) || /^[\w .,:;/=@+-]*$/.test(piece.text));
  if (!pieces.some((piece) => 'variable' in piece) || !isTame) return pieces.map(quoteAlone).join('');
  const inner = pieces.map((piece, index) => {
    if ('text' in piece) return piece.text;
    return index === pieces.length - 1 ? `$${piece.variable}` : `\${${piece.variable}}`;
  });
  return `"${inner.join('')}"`;
}

function quoteAlone(piece: Piece): string {
  return 'text' in piece ? `'${piece.text.replaceAll("'", `'\\''`)}'` : `"$${piece.variable}"`;
}
