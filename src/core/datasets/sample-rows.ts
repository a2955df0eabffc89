import { seededFraction } from './row-identity.ts';

interface Chosen<T> {
  item: T;
  order: number;
  fraction: number;
}

/**
 * `n` of the items by chance, in their order; only so many are in memory. What is chosen follows from the seed and the
 * IDs alone: a row that is added or moved changes at most one of the others, so that samples of two versions of a
 * dataset have nearly all cases in common.
 */
export async function sampleRows<T>(
  items: AsyncIterable<T> | Iterable<T>,
  { n, seed, idOf }: { n: number; seed: number; idOf(item: T): string },
): Promise<T[]> {
  const heap: Chosen<T>[] = [];
  let order = 0;
  for await (const item of items) {
    const chosen = { item, order, fraction: seededFraction(seed, idOf(item)) };
    order += 1;
    if (heap.length < n) raise(heap, chosen);
    else if (n > 0 && chosen.fraction < (heap[0]?.fraction ?? 0)) sink(heap, chosen);
  }
  return heap.sort((a, b) => a.order - b.order).map(({ item }) => item);
}

/** Adds an item to a heap with the largest fraction on top. */
function raise<T>(heap: Chosen<T>[], added: Chosen<T>): void {
  let at = heap.length;
  heap.push(added);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (!parent || parent.fraction >= added.fraction) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = added;
}

/** Replaces the top. */
function sink<T>(heap: Chosen<T>[], added: Chosen<T>): void {
  let at = 0;
  for (;;) {
    const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
    const isRight = right !== undefined && left !== undefined && right.fraction > left.fraction;
    const larger = isRight ? right : left;
    if (!larger || larger.fraction <= added.fraction) break;
    heap[at] = larger;
    at = 2 * at + (isRight ? 2 : 1);
  }
  heap[at] = added;
}
