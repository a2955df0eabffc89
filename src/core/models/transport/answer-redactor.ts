import { mapStrings, REPLACEMENT, type Redactor } from '../../base/secrets/redact.ts';
import type { ChatEvent, ChatWarning } from '../chat-model.ts';

type Delta = 'text-delta' | 'reasoning-delta';

/** Text that arrived last may be the beginning of a secret. */
interface Channel {
  /** Passed on although it may be the beginning of a secret: something else came between its pieces. */
  passed: string;
  held: string;
}

/** A shorter beginning of a secret reveals nothing, and ordinary words may start like that. */
const REVEALING_LENGTH = 8;

/**
 * Removes a connection's secrets from what a provider streams back.
 * A server may repeat the key that it received, or a model a secret from its prompt: such an answer would be shown,
 * stored and copied. Text at the end that may be the beginning of a secret waits for what follows, so that one cut into
 * pieces is found as well, even if reasoning or a tool call is between the pieces. Raw chunks pass unchanged: the code
 * that stores them redacts them as a whole.
 */
export class AnswerRedactor {
  private readonly channels: Record<Delta, Channel> = {
    'text-delta': { passed: '', held: '' },
    'reasoning-delta': { passed: '', held: '' },
  };
  private warned = false;
  private readonly redactor: Pick<Redactor, 'removeSecrets' | 'find' | 'openEnd'>;

  constructor(redactor: Pick<Redactor, 'removeSecrets' | 'find' | 'openEnd'>) {
    this.redactor = redactor;
  }

  /** The held text, before anything that must not overtake it. */
  flush(): ChatEvent[] {
    return [...this.release('text-delta'), ...this.release('reasoning-delta')];
  }

  /** The events to pass on, in order; usually the event itself. */
  take(event: ChatEvent): ChatEvent[] {
    switch (event.type) {
      case 'text-delta':
      case 'reasoning-delta':
        return this.takeDelta(event);
      case 'tool-call':
      case 'finish': {
        const clean = mapStrings(event, (text) => this.redactor.removeSecrets(text)) as typeof event;
        const changed = JSON.stringify(clean) !== JSON.stringify(event);
        return [...this.flush(), ...(changed ? this.warn() : []), changed ? clean : event];
      }
      case 'retry':
        return [...this.flush(), event];
      default:
        return [event];
    }
  }

  private warn(): ChatEvent[] {
    if (this.warned) return [];
    this.warned = true;
    return [{ type: 'warning', warning: SECRET_REMOVED }];
  }

  /** Held text is passed on, so that nothing overtakes it, unless it would show too much of a secret. */
  private release(type: Delta): ChatEvent[] {
    const channel = this.channels[type];
    const { passed, held } = channel;
    if (held === '') return [];
    this.channels[type] = { passed: passed + held, held: '' };
    if (passed.length + held.length < REVEALING_LENGTH) return [{ type, text: held }];
    return [...this.warn(), { type, text: REPLACEMENT }];
  }

  private takeDelta(event: Extract<ChatEvent, { type: Delta }>): ChatEvent[] {
    const { type, text } = event;
    const before = this.release(type === 'text-delta' ? 'reasoning-delta' : 'text-delta');
    const { passed, held } = this.channels[type];
    const whole = passed + held + text;
    const from = passed.length;
    const signature = event.type === 'reasoning-delta' ? event.signature : undefined;
    const ranges = this.redactor.find(whole).filter(({ end }) => end > from);
    const done = ranges.at(-1)?.end ?? 0;
    const open = done + this.redactor.openEnd(whole.slice(done));
    const isRevealing = whole.length - open >= REVEALING_LENGTH;
    // A signature closes its text: nothing may wait for more of it.
    const until = signature === undefined ? Math.max(open, from) : whole.length;
    this.channels[type] = { passed: whole.slice(Math.min(open, until), until), held: whole.slice(until) };
    if (signature !== undefined && isRevealing) ranges.push({ start: open, end: whole.length });
    if (ranges.length === 0 && before.length === 0 && held === '' && until === whole.length && !signature)
      return [event];
    const shown = withoutRanges(whole.slice(0, until), { from, ranges });
    const proof = signature === undefined ? undefined : this.redactor.removeSecrets(signature);
    const warning = ranges.length === 0 && proof === signature ? [] : this.warn();
    const part: Extract<ChatEvent, { type: Delta }> = { type, text: shown };
    if (part.type === 'reasoning-delta' && proof !== undefined) part.signature = proof;
    return [...before, ...warning, ...(shown === '' && proof === undefined ? [] : [part])];
  }
}

/** The part of a text after a position, with a mark for each range that was removed. */
function withoutRanges(
  text: string,
  { from, ranges }: { from: number; ranges: readonly { start: number; end: number }[] },
): string {
  let at = from;
  let shown = '';
  for (const { start, end } of ranges) {
    shown += text.slice(at, Math.max(at, start)) + REPLACEMENT;
    at = end;
  }
  return shown + text.slice(at);
}

export const SECRET_REMOVED: ChatWarning = {
  code: 'secret-removed',
  message:
    'The answer contained a secret of this connection, which was removed here. If a server other than the provider sent it, replace the key.',
};
