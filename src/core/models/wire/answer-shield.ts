import { mapStrings, type Redactor } from '../../base/redact.ts';
import type { ChatEvent } from '../chat-model.ts';

/** Takes a connection's secrets out of what a provider streams back. */
export interface AnswerShield {
  /** What may be passed on of an event, in order; mostly the event itself. */
  take(event: ChatEvent): ChatEvent[];
  /** What was held back, at the end of a stream that said nothing more. */
  flush(): ChatEvent[];
}

type Delta = 'text-delta' | 'reasoning-delta';

/** A shorter beginning of a secret gives nothing away, and ordinary words begin so. */
const TELLING_LENGTH = 8;
const REPLACEMENT = '[removed]';

/**
 * A server may repeat the key that it was sent, or a model a secret from its prompt: such an answer would be shown,
 * stored and copied. An end that may be the beginning of a secret waits for what follows, so that one cut into pieces is
 * found as well. The raw chunks pass as they are: whoever keeps them cleans them as a whole.
 */
export function createAnswerShield({
  removeSecrets,
  openEnd,
}: Pick<Redactor, 'removeSecrets' | 'openEnd'>): AnswerShield {
  let held: { type: Delta; text: string } | undefined;
  let told = false;

  const flush = (): ChatEvent[] => {
    if (held === undefined) return [];
    const { type, text } = held;
    held = undefined;
    return text.length < TELLING_LENGTH ? [{ type, text }] : [...tell(), { type, text: REPLACEMENT }];
  };
  const tell = (): ChatEvent[] => {
    if (told) return [];
    told = true;
    return [{ type: 'warning', warning: SECRET_REMOVED }];
  };
  const takeDelta = (event: Extract<ChatEvent, { type: Delta }>): ChatEvent[] => {
    const before = held?.type === event.type ? [] : flush();
    const whole = (held?.text ?? '') + event.text;
    held = undefined;
    const clean = removeSecrets(whole);
    const signature = event.type === 'reasoning-delta' ? event.signature : undefined;
    // A signature closes what it proves: nothing may wait for more of it.
    const end = signature === undefined ? openEnd(clean) : clean.length;
    if (before.length === 0 && end === event.text.length && clean === event.text && !signature) return [event];
    if (end < clean.length) held = { type: event.type, text: clean.slice(end) };
    const passed: Extract<ChatEvent, { type: Delta }> = { type: event.type, text: clean.slice(0, end) };
    const proof = signature === undefined ? undefined : removeSecrets(signature);
    if (passed.type === 'reasoning-delta' && proof !== undefined) passed.signature = proof;
    const news = clean === whole && proof === signature ? [] : tell();
    return [...before, ...news, ...(passed.text === '' && proof === undefined ? [] : [passed])];
  };
  return {
    flush,
    take(event) {
      switch (event.type) {
        case 'text-delta':
        case 'reasoning-delta':
          return takeDelta(event);
        case 'tool-call':
        case 'finish': {
          const clean = mapStrings(event, removeSecrets) as typeof event;
          const changed = JSON.stringify(clean) !== JSON.stringify(event);
          return [...flush(), ...(changed ? tell() : []), changed ? clean : event];
        }
        case 'retry':
          return [...flush(), event];
        default:
          return [event];
      }
    },
  };
}

const SECRET_REMOVED = {
  code: 'secret-removed',
  message:
    'The answer held a secret of this connection, which was removed here. If a server other than the provider sent it, replace the key.',
} as const;
