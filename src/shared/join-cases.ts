/** The cases of a result in its order, by identity: each id occurs once. */
export interface CaseList {
  ids: readonly string[];
  /** Hashes of the rows; a case with another hash has changed. Without them, none has. */
  rowHashes?: readonly string[] | undefined;
}

/** Indexes of cases in A and B. */
export interface JoinedCases {
  /** Unchanged in both: only these are compared. */
  common: Pairs;
  changed: Pairs;
  /** Removed, where A is the baseline. */
  onlyInA: Int32Array;
  /** Added, where A is the baseline. */
  onlyInB: Int32Array;
}

export interface Pairs {
  a: Int32Array;
  b: Int32Array;
}

/**
 * Joins two results by the identity of their cases, in the order of B. Cases that have the same place in both, which are
 * usually all of them, need no lookup table, so that 100,000 cases cost two arrays of integers.
 */
export function joinCases(a: CaseList, b: CaseList): JoinedCases {
  const places = findPlaces(a.ids, b.ids);
  const isCommon = (inA: number, inB: number) => !a.rowHashes || !b.rowHashes || a.rowHashes[inA] === b.rowHashes[inB];
  const select = (isSelected: (inA: number, inB: number) => boolean): Pairs => {
    const inB = Int32Array.from(
      places.keys().filter((index) => places[index]! >= 0 && isSelected(places[index]!, index)),
    );
    return { a: inB.map((index) => places[index]!), b: inB };
  };
  const isInB = new Uint8Array(a.ids.length);
  for (const place of places) if (place >= 0) isInB[place] = 1;
  return {
    common: select(isCommon),
    changed: select((inA, inB) => !isCommon(inA, inB)),
    onlyInA: Int32Array.from(isInB.keys().filter((index) => isInB[index] === 0)),
    onlyInB: Int32Array.from(places.keys().filter((index) => places[index] === -1)),
  };
}

/** The index in A of each case of B, or −1. */
function findPlaces(inA: readonly string[], inB: readonly string[]): Int32Array {
  const places = Int32Array.from(inB, (id, index) => (inA[index] === id ? index : -1));
  const elsewhere = new Map<string, number>();
  inA.forEach((id, index) => {
    if (inB[index] !== id) elsewhere.set(id, index);
  });
  if (elsewhere.size === 0) return places;
  return places.map((place, index) => (place >= 0 ? place : (elsewhere.get(inB[index]!) ?? -1)));
}
