import { useEffect, useState } from 'preact/hooks';

export const matchesMedia = (query: string): boolean => window.matchMedia(query).matches;

/** Whether the panel matches, updated when it changes its size. */
export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchesMedia(query));
  useEffect(() => {
    const list = window.matchMedia(query);
    const follow = () => setMatches(list.matches);
    list.addEventListener('change', follow);
    return () => list.removeEventListener('change', follow);
  }, [query]);
  return matches;
}
