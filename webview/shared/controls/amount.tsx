import { UNKNOWN } from '../../../src/shared/format.ts';

/** A figure as it is shown; the dash that stands for what is unknown has a word for screen readers. */
export function Amount({ text, unknown = 'unknown' }: { text: string; unknown?: string }) {
  if (text !== UNKNOWN) return <>{text}</>;
  return (
    <span role="img" aria-label={unknown}>
      {text}
    </span>
  );
}
