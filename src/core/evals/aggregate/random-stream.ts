import { createCipheriv, createHash } from 'node:crypto';

/** Endless random values of a seed, the same on every machine. */
export interface RandomStream {
  /** Integers of 32 random bits. */
  words(count: number): Uint32Array;
  /** Integers from 0 to `below` − 1; the bias of at most `below` / 2³² is far below what a sample shows. */
  integers(count: number, below: number): Uint32Array;
}

/** The key stream of AES-128 in counter mode (NIST SP 800-38A): Node has it, and it is as fast as a generator written here. */
export function createRandomStream(seed: number | string): RandomStream {
  const key = createHash('sha256').update(String(seed)).digest().subarray(0, 16);
  const cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  let zeros = new Uint8Array();
  const words = (count: number) => {
    if (zeros.length < count * 4) zeros = new Uint8Array(count * 4);
    const found = new Uint32Array(count);
    // a copy, because a view of words has to start at a multiple of 4
    new Uint8Array(found.buffer).set(cipher.update(zeros.subarray(0, count * 4)));
    return found;
  };
  return {
    words,
    integers: (count, below) => words(count).map((word) => Math.floor((word / 2 ** 32) * below)),
  };
}
