import { wordsOf } from './tokens.ts';

export interface DiffPart {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** The maximum number of unchanged words between two changes that form one changed phrase. */
const MAX_GAP_WORDS = 2;
/** Structure that separates phrases: ends of lines and sentences, and JSON syntax. */
const STRUCTURE = /[\r\n"{}[\]:.!?]/;
/** Between changed words of a list or a compound, as in "old, slow" or "well-known". */
const JOINT = /^\s*[,;'’–—-]?\s*$/;

interface Phrase {
  removed: string;
  added: string;
}

/**
 * Groups single-word changes into phrases: if there is little unchanged text between two changes, it becomes part of
 * both sides, and the phrase is shown as one deletion and one insertion. Little means whitespace or a comma, or at most
 * two words that are no longer than the changes on either side.
 */
export function groupChanges(parts: readonly DiffPart[]): DiffPart[] {
  const grouped: DiffPart[] = [];
  let phrase: Phrase = { removed: '', added: '' };
  let gap = '';
  for (let index = 0; index < parts.length; ) {
    const part = parts[index];
    if (part === undefined) break;
    if (part.kind === 'same') {
      gap += part.text;
      index += 1;
      continue;
    }
    const { next, after } = phraseAt(parts, index);
    index = after;
    if (isChanged(phrase) && isGap(gap, phrase, next)) {
      phrase = { removed: phrase.removed + gap + next.removed, added: phrase.added + gap + next.added };
    } else {
      grouped.push(...partsOf(phrase), ...same(gap));
      phrase = next;
    }
    gap = '';
  }
  return [...grouped, ...partsOf(phrase), ...same(gap)];
}

/** The changes from here to the next unchanged part. */
function phraseAt(parts: readonly DiffPart[], start: number): { next: Phrase; after: number } {
  const next: Phrase = { removed: '', added: '' };
  let after = start;
  for (let part = parts[after]; part !== undefined && part.kind !== 'same'; part = parts[++after]) {
    next[part.kind] += part.text;
  }
  return { next, after };
}

function isGap(gap: string, left: Phrase, right: Phrase): boolean {
  if (STRUCTURE.test(gap)) return false;
  if (JOINT.test(gap)) return true;
  const room = Math.min(sizeOf(left), sizeOf(right));
  return gap.trim().length <= room && wordsOf(gap).length <= MAX_GAP_WORDS;
}

const sizeOf = ({ removed, added }: Phrase) => Math.max(removed.trim().length, added.trim().length);
const isChanged = ({ removed, added }: Phrase) => removed !== '' || added !== '';
const same = (text: string): DiffPart[] => (text === '' ? [] : [{ kind: 'same', text }]);

function partsOf({ removed, added }: Phrase): DiffPart[] {
  const parts: DiffPart[] = [
    { kind: 'removed', text: removed },
    { kind: 'added', text: added },
  ];
  return parts.filter(({ text }) => text !== '');
}
