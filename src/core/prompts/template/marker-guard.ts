import { randomBytes } from 'node:crypto';
import { UserError } from '../../base/errors.ts';
import type { RenderBudget } from '../render/render-budget.ts';
import { ARGUMENT, guardTemplate, ROLE, URL_ARGUMENT, VALUE } from './guard-template.ts';

/** A text that is replaced by a token while dotprompt splits the rendered prompt at its markers. */
interface Kept {
  text: string;
  /** False if the text came from a value; true if it is in the template itself. */
  literal: boolean;
}

const ROLES_BY_VALUE: readonly unknown[] = ['user', 'model', 'assistant'];

export type MarkerGuard = ReturnType<typeof createMarkerGuard>;

/**
 * dotprompt renders a template to one string and then looks for markers such as `<<<dotprompt:role:system>>>` in it, so
 * a value could contain its own. Here no value ever reaches that string: each is replaced by a token with a random part
 * that nobody can guess, and is restored after the split. A token contains U+2028, which no marker pattern of dotprompt
 * crosses, so that a marker cannot be assembled around one either.
 */
export function createMarkerGuard(budget: Pick<RenderBudget, 'value'>) {
  const kept: Kept[] = [];
  const nonce = `llmops${randomBytes(16).toString('hex')}`;
  const blankNonce = toBlank(randomBytes(16));
  const keep = (text: string, literal: boolean) => kept.push({ text, literal }) - 1;
  // dotprompt drops pieces of blank text: the token of a blank value has to be blank as well.
  const blankToken = (index: number) =>
    blankNonce + toBlank(Uint8Array.of(index >> 24, index >> 16, index >> 8, index));
  const valueToken = (text: string) => {
    const index = keep(text, false);
    const token = text.trim() === '' ? blankToken(index) : `${nonce}v\u2028${index};`;
    budget.value(text.length, token.length);
    return token;
  };
  const argumentToken = (text: string, literal: boolean) => {
    const token = `${nonce}a${keep(text, literal)};`;
    budget.value(text.length, token.length);
    return token;
  };
  const pattern = new RegExp(`${nonce}[v\\u2028a]+(\\d+);|${blankNonce}([\\u2028\\u2029]{32})`, 'g');
  const argumentPattern = new RegExp(`^${nonce}a(\\d+);$`);
  const textAt = (index: string) => kept[Number(index)]?.text ?? '';
  const restore = (text: string) =>
    text.replace(pattern, (_, index?: string, blank?: string) => textAt(index ?? String(fromBlank(blank ?? ''))));
  return {
    /** Rewrites a parsed template in place, so that the output of an expression passes through this guard. */
    rewrite: (ast: hbs.AST.Program): hbs.AST.Program => guardTemplate(ast, valueToken),
    /** The helpers that rewritten templates call. */
    helpers: {
      [VALUE]: (value) => valueToken(toText(value)),
      [ARGUMENT](value, literal) {
        if (value === undefined || value === null || value === '') return undefined;
        return argumentToken(toText(value), literal === true);
      },
      [URL_ARGUMENT](value, literal, shown) {
        if (value === undefined || value === null || toText(value).trim() === '') throw emptyMedia(String(shown));
        return argumentToken(toText(value).trim(), literal === true);
      },
      [ROLE](value) {
        if (ROLES_BY_VALUE.includes(value)) return value;
        throw new UserError(`A value sets the role \`${toText(value).slice(0, 40)}\`.`, {
          code: 'invalid-input',
          hint: 'A value may only be user or model; write other roles in the template, as {{role "system"}}.',
        });
      },
    } satisfies Record<string, (...args: unknown[]) => unknown>,
    /** Restores the replaced texts; restored text is never scanned again. */
    restore,
    /** The argument of a helper such as `media`: its text, and whether it is in the template itself. */
    argument(token: string): Kept {
      const index = argumentPattern.exec(token)?.[1];
      const found = index === undefined ? undefined : kept[Number(index)];
      return found ?? { text: restore(token), literal: true };
    },
  };
}

function emptyMedia(shown: string): UserError {
  return new UserError(`The template sends media from \`${shown}\`, which is empty.`, {
    code: 'invalid-input',
    hint: `Set it to a URL, or put the helper between {{#if ${shown}}} and {{/if}}.`,
  });
}

/** What Handlebars itself would append for a value. */
function toText(value: unknown): string {
  if (value === null || value === undefined) return '';
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

function toBlank(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.replaceAll('0', '\u2028').replaceAll('1', '\u2029');
}

function fromBlank(blank: string): number {
  return Number.parseInt(blank.replaceAll('\u2028', '0').replaceAll('\u2029', '1'), 2);
}
