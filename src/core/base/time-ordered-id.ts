import { randomUUID } from 'node:crypto';

/**
 * A UUID of version 7 (RFC 9562), which begins with the time. Ids that are made one after another are next to each other in
 * an index: with random ones, a thousand rows would change nearly every page of it.
 */
export function timeOrderedId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
