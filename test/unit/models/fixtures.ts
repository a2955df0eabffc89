import type { FileReader, Log, SecretStore } from '../../../src/core/base/ports.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/core/base/settings.ts';
import type { ChatEvent, ListedModel } from '../../../src/core/models/chat-model.ts';
import type { CreateProvider, ProviderContext } from '../../../src/core/models/connection.ts';
import { createSecretKeyStore } from '../../../src/core/models/connections/keys.ts';
import { createModels, type ModelsPorts } from '../../../src/core/models/registry.ts';

export const FOLDER = '/folder';
export const CONNECTIONS_PATH = '/folder/llmops/connections.yaml';

/** SecretStorage in memory, with everything that was ever written to it. */
export function memorySecrets(): SecretStore & { entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return {
    entries,
    get: async (name) => entries.get(name),
    set: async (name, value) => void entries.set(name, value),
    delete: async (name) => void entries.delete(name),
  };
}

export function memoryLog(): Log & { lines: string[] } {
  const lines: string[] = [];
  const add = (message: string) => void lines.push(message);
  return { lines, debug: add, info: add, warn: add, error: (message, error) => add(`${message} ${String(error)}`) };
}

/** Files by path; a read of any other throws, and every read is noted. */
export function memoryFiles(files: Record<string, string>): FileReader & { reads: string[] } {
  const reads: string[] = [];
  return {
    reads,
    async readText(path) {
      reads.push(path);
      const text = files[path];
      if (text === undefined) throw new Error(`ENOENT ${path}`);
      return text;
    },
    readBytes: async (path) => new TextEncoder().encode(files[path]),
    realPath: async (path) => path,
    exists: async (path) => Object.hasOwn(files, path),
  };
}

export interface FakeProvider {
  /** Every context that a provider was made with. */
  contexts: ProviderContext[];
  /** How often the list endpoint was asked. */
  lists: number;
  models: ListedModel[];
  listError: unknown;
  streamError: unknown;
  events: ChatEvent[];
}

export function fakeProvider(over: Partial<FakeProvider> = {}): FakeProvider {
  const events: ChatEvent[] = [
    { type: 'text-delta', text: 'hello' },
    { type: 'finish', reason: 'stop', rawReason: 'stop', servedModel: undefined },
  ];
  return { contexts: [], lists: 0, models: [], listError: undefined, streamError: undefined, events, ...over };
}

function createFake(fake: FakeProvider): CreateProvider {
  return (context) => {
    fake.contexts.push(context);
    return {
      chat: {
        async *stream() {
          if (fake.streamError) throw fake.streamError;
          yield* fake.events;
        },
      },
      async listModels() {
        fake.lists++;
        if (fake.listError) throw fake.listError;
        return fake.models;
      },
    };
  };
}

export interface RegistryOptions {
  yaml?: string;
  settings?: Partial<Settings>;
  provider?: FakeProvider;
  ports?: Partial<ModelsPorts>;
}

/** A registry on a folder in memory, with providers that record what they were given. No network, no discovery. */
export function makeRegistry({ yaml, settings, provider = fakeProvider(), ports }: RegistryOptions = {}) {
  const secrets = memorySecrets();
  const log = memoryLog();
  const files = memoryFiles(yaml === undefined ? {} : { [CONNECTIONS_PATH]: yaml });
  const clock = { now: Date.parse('2026-11-23T12:00:00Z') };
  const current: { yaml?: string; settings: Settings } = {
    settings: { ...DEFAULT_SETTINGS, discoverOllama: false, ...settings },
  };
  const models = createModels({
    folder: FOLDER,
    trusted: () => true,
    settings: () => current.settings,
    files,
    log,
    now: () => clock.now,
    keys: createSecretKeyStore(secrets),
    network: async () => ({
      fetch: () => Promise.reject(new Error('no network in this test')),
      options: { rejectUnauthorized: true },
    }),
    loadProvider: async () => createFake(provider),
    ...ports,
  });
  return { models, secrets, log, files, clock, provider, current };
}

/** Reads a stream to its end; the error that ended it comes out as a value. */
export async function readStream(events: AsyncIterable<ChatEvent>): Promise<{ events: ChatEvent[]; error: unknown }> {
  const read: ChatEvent[] = [];
  try {
    for await (const event of events) read.push(event);
    return { events: read, error: undefined };
  } catch (error) {
    return { events: read, error };
  }
}

/** The error that a promise ends with; fails the test where there is none. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('expected an error');
    },
    (error: unknown) => error,
  );
}
