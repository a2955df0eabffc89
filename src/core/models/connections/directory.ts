import { UserError } from '../../base/errors.ts';
import { didYouMean, nearestNames } from '../../base/nearest-name.ts';
import type { ConfigProblem } from '../../config/config-problem.ts';
import type { Connection } from '../connection.ts';
import { RESERVED_IDS } from './connection-defaults.ts';
import { CONNECTIONS } from './connections.ts';
import type { ConnectionLoader } from './load-connections.ts';

export type Directory = ReturnType<typeof createDirectory>;

/** All connections by id, declared and discovered. */
export function createDirectory(loader: ConnectionLoader, trusted: () => boolean) {
  let problems: ConfigProblem[] = [];
  const declared = async () => {
    const loaded = await loader.declared();
    problems = loaded.problems;
    return loaded;
  };
  const all = async () => {
    const [{ connections }, ollama] = await Promise.all([declared(), loader.discovered()]);
    return ollama ? [...connections.values(), ollama] : [...connections.values()];
  };
  return {
    /** Reads the declarations if they were not read yet. */
    async load(): Promise<void> {
      await declared();
    },
    all,
    /** Of the last read. */
    problems: () => problems,
    /** Throws UserError: unknown-connection with the nearest ids, or invalid-connection with the reason. */
    async find(id: string): Promise<Connection> {
      const { connections, invalid } = await declared();
      const connection = connections.get(id);
      if (connection) return connection;
      const reason = invalid.get(id);
      if (reason !== undefined) throw invalidConnection(id, reason);
      // Only an undeclared name is worth waiting for the discovery on this machine.
      const known = await all();
      const discovered = known.find((candidate) => candidate.id === id);
      if (discovered) return discovered;
      throw unknownConnection(id, known, trusted());
    },
  };
}

function invalidConnection(id: string, reason: string): UserError {
  return new UserError(`The connection ${id} cannot be used: ${reason}.`, {
    code: 'invalid-connection',
    hint: `Fix its declaration in ${CONNECTIONS.path} or in the setting llmops.connections.`,
    action: { command: 'llmops.connection.openFile', title: 'Open connections.yaml' },
  });
}

function unknownConnection(id: string, known: readonly Connection[], trusted: boolean): UserError {
  const code = 'unknown-connection';
  const ids = known.map((connection) => connection.id);
  if (id === 'vscode' && RESERVED_IDS.includes(id)) {
    return new UserError("VS Code's models are not available here.", {
      code,
      hint: 'They exist only inside VS Code, with an extension that offers them. Choose a model of another connection.',
    });
  }
  const near = didYouMean(nearestNames(id, ids)) ?? `Known connections: ${ids.join(', ')}.`;
  const where = trusted
    ? `Others are declared in ${CONNECTIONS.path}.`
    : `${CONNECTIONS.path} is not read in an untrusted workspace.`;
  return new UserError(`Unknown connection "${id}".`, { code, hint: `${near} ${where}` });
}
