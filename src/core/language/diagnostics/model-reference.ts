import { didYouMean, editDistance, nearestNames } from '../../base/nearest-name.ts';
import { modelCapabilities } from '../../models/catalogue/catalogue.ts';
import { CONNECTION_TYPES, type ConnectionType } from '../../models/chat-model.ts';
import { parseModelRef } from '../../models/connection.ts';
import type { Diagnostic } from '../../prompts/prompt.ts';
import type { LanguageWorkspace } from '../syntax/tree.ts';
import { suggest } from './check-context.ts';

type ReferenceProblem = Pick<Diagnostic, 'code' | 'message' | 'data'>;
type KnownModels = Pick<LanguageWorkspace, 'models' | 'connections'>;

/** Why `connection/model` names nothing, as far as is known; undefined while no connections are known. */
export function modelReferenceProblem(written: string, workspace: KnownModels): ReferenceProblem | undefined {
  const text = written.trim();
  const ref = parseModelRef(text);
  const ids = workspace.connections().map(({ id }) => id);
  if (ids.length === 0) return undefined;
  if (!ref) {
    const known = workspace.models().find((model) => model.ref.endsWith(`/${text}`));
    const hint = known
      ? `Did you mean ${known.ref}?`
      : `Write it as connection/model. Known connections: ${ids.join(', ')}.`;
    const data = suggest(known ? [known.ref] : []);
    return { code: 'unknown-connection', message: `A model needs a connection. ${hint}`, ...data };
  }
  if (!ids.includes(ref.connection)) {
    const near = nearestNames(ref.connection, ids, 1);
    const message = `Unknown connection \`${ref.connection}\`. ${didYouMean(near) ?? `Known connections: ${ids.join(', ')}.`}`;
    return { code: 'unknown-connection', message, ...suggest(near, ref.connection) };
  }
  const isListed = workspace.models().some((model) => model.ref === text);
  return isListed ? undefined : unlistedProblem(workspace, ref.connection, text);
}

/** If the connections are unknown, a built-in name is that of its type. */
export function connectionType(workspace: KnownModels | undefined, id: string): ConnectionType | undefined {
  const declared = workspace?.connections() ?? [];
  const type = declared.length > 0 ? declared.find((connection) => connection.id === id)?.type : id;
  return CONNECTION_TYPES.find((known) => known === type);
}

/**
 * Lists lag behind what a provider serves, so a model that is not listed is reported only if its name is close to a
 * listed one, and differs in more than digits, which mean another version. The demo's own list is complete.
 */
function unlistedProblem(workspace: KnownModels, connection: string, text: string): ReferenceProblem | undefined {
  const type = connectionType(workspace, connection);
  const listed = workspace
    .models()
    .map(({ ref }) => ref)
    .filter((ref) => ref.startsWith(`${connection}/`));
  if (listed.length === 0 || !type) return undefined;
  const id = text.slice(connection.length + 1);
  const letters = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '');
  const near = nearestNames(text, listed, 1)[0];
  const isTypo = near !== undefined && letters(near) !== letters(text) && editDistance(near, text, 2) <= 2;
  if (type !== 'demo' && (!isTypo || modelCapabilities(type, id))) return undefined;
  const hint = near ? `Did you mean ${near}?` : `Known models: ${listed.join(', ')}.`;
  const message = `\`${connection}\` has no model \`${id}\`. ${hint}`;
  return { code: 'unknown-model', message, ...suggest(near ? [near] : []) };
}
