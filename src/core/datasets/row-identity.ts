import { hash } from 'node:crypto';
import { isRecord } from '../../shared/is-record.ts';

/** JSON with sorted keys, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}

/**
 * The identity of a row without an ID: 16 hex digits of the SHA-256 of its inputs. Values count as text and empty ones
 * are left out, so that a CSV file and its conversion to JSON have the same identities.
 */
export function inputsHash(inputs: Record<string, unknown>): string {
  const given = Object.entries(inputs)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => [name, typeof value === 'string' ? value : canonicalJson(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha256', JSON.stringify(given), 'hex').slice(0, 16);
}

/** What is said once about rows that only their order distinguishes; undefined without any. */
export function equalRowsNotice(count: number): string | undefined {
  if (count === 0) return undefined;
  const rows = count === 1 ? '1 row has' : `${count} rows have`;
  return `${rows} the same inputs as an earlier one, and got #2, #3, … in order. With a column "id", results stay joined when such rows are moved.`;
}

/** A number from 0 up to 1, evenly distributed: what a seed decides about a name. */
export function seededFraction(seed: number, name: string): number {
  const digits = hash('sha256', `${seed}\n${name}`, 'hex').slice(0, 13);
  return Number.parseInt(digits, 16) / 2 ** 52;
}

/** A name that is a hash is not hashed again. */
const HASH = /^[0-9a-f]{16}$/;
const START_SIZE = 1024;
/** Two halves of the hash, how often the name came, and its first row. */
const WORDS = 4;

/** Counts names in 16 bytes each or a little more, since a set of a million texts would take 100 MB. */
export class NameCounts {
  #table = new Uint32Array(START_SIZE * WORDS);
  #size = 0;

  /** Which occurrence of the name this is, from 1, and the row (from 1) of the first one. */
  add(name: string, row: number): { occurrence: number; firstRow: number } {
    if (this.#size * 2 >= this.#table.length / WORDS) this.#grow();
    const digits = HASH.test(name) ? name : hash('sha256', name, 'hex');
    const [high, low] = [Number.parseInt(digits.slice(0, 8), 16), Number.parseInt(digits.slice(8, 16), 16)];
    const at = slotOf(this.#table, high, low);
    const occurrence = (this.#table[at + 2] ?? 0) + 1;
    if (occurrence === 1) {
      this.#size += 1;
      this.#table.set([high, low, 1, row], at);
    } else this.#table[at + 2] = occurrence;
    return { occurrence, firstRow: this.#table[at + 3] ?? row };
  }

  #grow(): void {
    const larger = new Uint32Array(this.#table.length * 2);
    for (let at = 0; at < this.#table.length; at += WORDS) {
      if (this.#table[at + 2] === 0) continue;
      const entry = this.#table.subarray(at, at + WORDS);
      larger.set(entry, slotOf(larger, entry[0] ?? 0, entry[1] ?? 0));
    }
    this.#table = larger;
  }
}

/** The place of a hash in a table, or the free one for it: open addressing, step by step. */
function slotOf(table: Uint32Array, high: number, low: number): number {
  const slots = table.length / WORDS;
  for (let slot = low % slots; ; slot = (slot + 1) % slots) {
    const at = slot * WORDS;
    if (table[at + 2] === 0 || (table[at] === high && table[at + 1] === low)) return at;
  }
}
