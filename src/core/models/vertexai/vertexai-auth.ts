import os from 'node:os';
import path from 'node:path';
import type { AuthClient, GoogleAuth } from 'google-auth-library';
import { ProviderError, UserError } from '../../base/errors.ts';
import { diskFiles } from '../../base/files/disk-files.ts';
import { lazy } from '../../base/lazy.ts';
import { isLoopback } from '../../base/network/loopback.ts';
import { toNetworkError } from '../../base/network/network-errors.ts';
import type { ProviderContext } from '../connection.ts';
import type { VertexEndpoint } from './vertexai-endpoint.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
export const LOGIN_HINT =
  'Run "gcloud auth application-default login", or set GOOGLE_APPLICATION_CREDENTIALS to the path of a key file.';

export type VertexAuth = ReturnType<typeof createVertexAuth>;

/**
 * Application-default credentials for Google's own hosts. They are never sent anywhere else: a file in a repository can
 * contain any base URL. Another https host gets the connection's own key (an access token) or Authorization header.
 */
export function createVertexAuth(context: ProviderContext, endpoint: VertexEndpoint) {
  const { apiKey, connection } = context;
  const ownHeader = Object.keys(context.headers).some((name) => name.toLowerCase() === 'authorization');
  const usesDefaults = !apiKey && !ownHeader && endpoint.acceptsDefaultCredentials;
  // Tried again after a failure: the user may log in in the meantime.
  const loadOnce = lazy(() => loadDefaults(context));
  const load = async (): Promise<Loaded> => {
    try {
      return await loadOnce();
    } catch (error) {
      throw explainAuthError(error, connection.id);
    }
  };

  return {
    /** Fresh authentication for each request; empty for a local server. */
    async headers(): Promise<Record<string, string>> {
      if (apiKey) return { authorization: `Bearer ${apiKey}` };
      if (ownHeader || endpoint.insecure) return {};
      if (!usesDefaults) {
        if (isLoopback(endpoint.host)) return {};
        throw foreignHost(connection.id, endpoint.host);
      }
      const { client } = await load();
      try {
        return Object.fromEntries(await client.getRequestHeaders());
      } catch (error) {
        throw explainAuthError(error, connection.id);
      }
    },
    /** The connection's project, otherwise the one of the default credentials. */
    async project(): Promise<string> {
      const ofDefaults = async () => (await load()).auth.getProjectId().catch(() => undefined);
      const found = connection.project ?? (usesDefaults ? await ofDefaults() : undefined);
      if (found) return found;
      throw new UserError(`The connection '${connection.id}' has no Google Cloud project.`, {
        code: 'invalid-connection',
        hint: 'Set project in llmops/connections.yaml or in the settings, or GOOGLE_CLOUD_PROJECT in the environment.',
      });
    },
  };
}

interface Loaded {
  auth: GoogleAuth;
  client: AuthClient;
}

async function loadDefaults({ connection, fetch }: ProviderContext): Promise<Loaded> {
  if (connection.source === 'built-in' && !connection.project && !(await hasLocalCredentials())) {
    throw new ProviderError(`${connection.id}: no application-default credentials were found.`, {
      code: 'auth',
      hint: LOGIN_HINT,
      retryable: false,
    });
  }
  const { GoogleAuth } = await import('google-auth-library');
  // Tokens are fetched by the same route as everything else, proxy and certificates included.
  const transporterOptions = { fetchImplementation: fetch };
  const auth: GoogleAuth = new GoogleAuth({
    scopes: SCOPE,
    clientOptions: { transporterOptions },
    // Without it the library runs gcloud and asks Google's metadata server for a project, for seconds, before the first
    // call.
    ...(connection.project === undefined ? {} : { projectId: connection.project }),
  });
  return { auth, client: await auth.getClient() };
}

/**
 * Without a key file, a login or a project nobody has set up Vertex AI: then the library, which would continue with the
 * metadata server of Google's machines, is not called. On such a machine, setting a project is enough.
 */
async function hasLocalCredentials(env = process.env): Promise<boolean> {
  if (env.GOOGLE_APPLICATION_CREDENTIALS) return true;
  const roaming = process.platform === 'win32' ? env.APPDATA : path.join(os.homedir(), '.config');
  const folder = env.CLOUDSDK_CONFIG ?? path.join(roaming ?? os.homedir(), 'gcloud');
  return diskFiles.exists(path.join(folder, 'application_default_credentials.json'));
}

/** The library's messages are kept if they have more information than that nobody is logged in. */
function explainAuthError(error: unknown, connectionId: string): Error {
  if (error instanceof UserError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const network = toNetworkError(error, 'https://oauth2.googleapis.com');
  if (network) return network;
  const expired = /invalid_grant|invalid_rapt|reauth|expired|revoked/i.test(message);
  const absent = /could not load the default credentials/i.test(message);
  const what = absent
    ? 'no application-default credentials were found.'
    : expired
      ? 'the application-default credentials have expired or were revoked.'
      : `the application-default credentials cannot be used: ${message}`;
  return new ProviderError(`${connectionId}: ${what}`, {
    code: 'auth',
    hint: LOGIN_HINT,
    retryable: false,
    cause: error,
  });
}

function foreignHost(connectionId: string, host: string): UserError {
  return new UserError(
    `${connectionId}: ${host} is not one of Google's hosts, so no Google credentials are sent there.`,
    {
      code: 'key-origin',
      hint: 'Set an access token as the key of this connection, or an Authorization header that refers to a secret.',
    },
  );
}
