import type { FetchResult } from '../../../core/versions/sync/fetch-versions.ts';
import { formatCount } from '../../../shared/format.ts';

/** Describes the result of a fetch in one sentence. */
export function describeFetch({ remote, labelsMoved, tagsAdded, tagsClashing, resultsAdded }: FetchResult): string {
  const moves = labelsMoved.map(({ prompt, label, from, to, by }) => {
    if (to === undefined) return `${by.name} removed ${label} of ${prompt}`;
    return `${by.name} ${from === undefined ? 'set' : 'moved'} ${label} of ${prompt} ${from === undefined ? 'on' : 'to'} ${to.slice(0, 7)}`;
  });
  const shown = moves.length > 3 ? [...moves.slice(0, 3), `${moves.length - 3} more labels moved`] : moves;
  const parts = [
    ...shown,
    tagsAdded.length > 0 && formatCount(tagsAdded.length, 'new version'),
    resultsAdded > 0 && formatCount(resultsAdded, 'new result'),
    tagsClashing.length > 0 && `${tagsClashing.join(', ')} points to another commit there, yours is kept`,
  ].filter(Boolean);
  return parts.length > 0 ? `From ${remote}: ${parts.join('; ')}.` : `No changes from ${remote}.`;
}
