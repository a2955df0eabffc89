import { simpleName } from './paths.ts';
import type { Call, RoleSegment, SyntaxTree } from './tree.ts';
import { statementsOf } from './walk-tree.ts';

/**
 * The file's messages in order: each from after its marker to the next marker. Text before the first marker is the
 * user's, and text after `{{history}}` is the model's, as in rendering; blank text there is not a message.
 */
export function findRoles({ source, template }: SyntaxTree): RoleSegment[] {
  const roles: RoleSegment[] = [];
  let open: RoleSegment = { role: 'user', range: { ...template.range }, markerRange: undefined };
  const close = (end: number) => {
    open.range.end = Math.max(open.range.start, end);
    const text = source.slice(open.range.start, open.range.end);
    if (open.markerRange !== undefined || text.trim() !== '') roles.push(open);
  };
  for (const statement of statementsOf(template.body)) {
    if (statement.kind !== 'mustache') continue;
    const role = markedRole(source, statement.call);
    if (role === undefined) continue;
    const { start, end } = statement.range;
    close(start);
    const markerRange = role === '' ? undefined : statement.range;
    open = { role: role || 'model', range: { start: end, end }, markerRange };
  }
  close(template.range.end);
  return roles;
}

/** The role that a call starts; empty for `{{history}}`, undefined for anything else. */
function markedRole(source: string, { path, params }: Call): string | undefined {
  const name = path.kind === 'path' ? simpleName(path) : undefined;
  if (name === 'history' && params.length === 0) return '';
  const [role] = params;
  if (name !== 'role' || !role) return undefined;
  return role.kind === 'literal' ? String(role.value) : source.slice(role.range.start, role.range.end);
}
