import { LRUCache } from 'lru-cache';
import type { RepositoryContext } from './context.ts';
import type { ObjectReader } from './git/object-reader.ts';

/** A cache per repository for as long as it is open: the content of a commit or a blob never changes. */
export function repositoryCache<Value extends object | string>(
  options: LRUCache.Options<string, Value, unknown>,
): (context: Pick<RepositoryContext, 'objects'>) => LRUCache<string, Value> {
  const caches = new WeakMap<ObjectReader, LRUCache<string, Value>>();
  return ({ objects }) => {
    const cache = caches.get(objects) ?? new LRUCache<string, Value>(options);
    caches.set(objects, cache);
    return cache;
  };
}
