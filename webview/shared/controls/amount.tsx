import { UNKNOWN } from '../../../src/shared/format.ts';

/** A formatted figure. The dash for an unknown value has a text for screen readers. */
export function Amount({ text, unknown = 'unknown' }: { text: string; unknown?: string }) {
  if (text !== UNKNOWN) return <>{text}</>;
  return (
    <span role="img" aria-label={unknown}>
      {text}
    </span>
  );
}
