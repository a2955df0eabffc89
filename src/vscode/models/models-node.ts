import type { Connection } from '../../core/models/connection.ts';
import type { ConnectionInfo, ModelInfo } from '../../core/models/models.ts';
import type { TreeRow } from '../shell/paged-tree.ts';

export type ModelsRow =
  | { kind: 'connection'; info: ConnectionInfo }
  | { kind: 'model'; model: ModelInfo; isDefault: boolean };
/** A row of the Models view: a connection, one of its models, or a message. */
export type ModelsNode = TreeRow<ModelsRow>;

/** Vertex AI accepts one too: an access token, for a server that is not Google's. */
export function acceptsKey({ type }: Connection): boolean {
  return type !== 'demo' && type !== 'vscode';
}

/** The connection of a command's argument: a row of the view, or an ID. */
export function connectionIdOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  const node = target as ModelsNode | null | undefined;
  return node?.kind === 'connection' ? node.info.connection.id : undefined;
}

export function modelRefOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  const node = target as ModelsNode | null | undefined;
  return node?.kind === 'model' ? node.model.ref : undefined;
}
