import { createCipheriv, createHash } from 'node:crypto';

/** Endless random values of a seed, the same on every machine. */
export interface RandomStream {
  /** Integers of 32 random bits. */
  words(count: number): Uint32Array;
}

/** The key stream of AES-128 in counter mode (NIST SP 800-38A): Node has it, and it is as fast as a generator written here. */
export function createRandomStream(seed: number | string): RandomStream {
  const key = createHash('sha256').update(String(seed)).digest().subarray(0, 16);
  const cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  let zeros = new Uint8Array();
  return {
    words(count) {
      if (zeros.length < count * 4) zeros = new Uint8Array(count * 4);
      const words = new Uint32Array(count);
      // a copy, because a view of words has to start at a multiple of 4
      new Uint8Array(words.buffer).set(cipher.update(zeros.subarray(0, count * 4)));
      return words;
    },
  };
}
