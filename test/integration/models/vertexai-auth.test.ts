import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createVertexAiProvider } from '../../../src/core/models/vertexai/vertexai.ts';
import { makeContext } from '../../unit/models/make-context.ts';

describe('Vertex AI without a login', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('suggests to log in, and requests no credentials from a server', async () => {
    const empty = await mkdtemp(path.join(os.tmpdir(), 'no-login-'));
    vi.stubEnv('CLOUDSDK_CONFIG', empty);
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '');
    const asked: string[] = [];
    const provider = createVertexAiProvider(
      makeContext({
        connection: { id: 'vertexai', type: 'vertexai', source: 'built-in', location: 'global' },
        fetch: async (url) => {
          asked.push(String(url));
          throw new TypeError('no network here');
        },
      }),
    );

    await expect(provider.listModels(new AbortController().signal)).rejects.toMatchObject({
      code: 'auth',
      hint: expect.stringContaining('gcloud auth application-default login'),
    });

    expect(asked).toEqual([]);
    await rm(empty, { recursive: true });
  });
});
