import { findRoles } from '../../language/syntax/find-roles.ts';
import { parseTree } from '../../language/syntax/parse-tree.ts';
import { lineChanges, shortList } from './format-change.ts';

interface Message {
  role: string;
  text: string;
}

/** Describes the changes in the template, message by message: `system message: 3 lines added`. */
export function describeMessages(before: string, after: string): string[] {
  const [old, now] = [messagesOf(before), messagesOf(after)];
  const pairs = align(old, now);
  const added = pairs.filter(([from]) => !from).map(([, to]) => to?.role ?? '');
  const removed = pairs.filter(([, to]) => !to).map(([from]) => from?.role ?? '');
  const lines = pairs.flatMap(([from, to], index) => {
    const how = from && to ? lineChanges(from.text, to.text) : undefined;
    return how ? [`${nameOf(pairs, index)} message${how === 'rewritten' ? '' : ':'} ${how}`] : [];
  });
  const [one, other] = [removed.length === 1 ? removed[0] : undefined, added.length === 1 ? added[0] : undefined];
  if (one !== undefined && other !== undefined) return [`${one} message becomes a ${other} message`, ...lines];
  return [
    ...(added.length > 0 ? [`adds ${counted(added)}`] : []),
    ...(removed.length > 0 ? [`removes ${counted(removed)}`] : []),
    ...lines,
  ];
}

function messagesOf(source: string): Message[] {
  return findRoles(parseTree(source)).map(({ role, range }) => ({ role, text: source.slice(range.start, range.end) }));
}

type Pair = [from: Message | undefined, to: Message | undefined];

/** Pairs messages of equal roles in order, by the longest such sequence: prompts have a handful of messages. */
function align(old: readonly Message[], now: readonly Message[]): Pair[] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  const at = (row: number, column: number) => lengths[row]?.[column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = now.length - 1; column >= 0; column -= 1) {
      const same = old[row]?.role === now[column]?.role;
      const longest = same ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
      lengths[row]?.splice(column, 1, longest);
    }
  }
  const pairs: Pair[] = [];
  let [row, column] = [0, 0];
  while (row < old.length || column < now.length) {
    const [from, to] = [old[row], now[column]];
    if (from && to && from.role === to.role) {
      pairs.push([from, to]);
      row += 1;
      column += 1;
    } else if (!to || (from && at(row + 1, column) >= at(row, column + 1))) {
      pairs.push([from, undefined]);
      row += 1;
    } else {
      pairs.push([undefined, to]);
      column += 1;
    }
  }
  return pairs;
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'];

/** `system`, or `second user` if there are several. */
function nameOf(pairs: readonly Pair[], index: number): string {
  const role = pairs[index]?.[1]?.role ?? '';
  const same = pairs.flatMap(([, to], position) => (to?.role === role ? [position] : []));
  if (same.length < 2) return role;
  const place = same.indexOf(index);
  return `${ORDINALS[place] ?? `${place + 1}th`} ${role}`;
}

function counted(roles: readonly string[]): string {
  if (roles.length === 1) return `a ${roles[0]} message`;
  const groups = [...Map.groupBy(roles, (role) => role)];
  return shortList(
    groups.map(([role, all]) => (all.length === 1 ? `a ${role} message` : `${all.length} ${role} messages`)),
  );
}
