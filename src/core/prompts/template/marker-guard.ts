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

/**
 * dotprompt renders a template to one string and then looks for markers such as `<<<dotprompt:role:system>>>` in it, so
 * a value could contain its own. Here no value ever reaches that string: each is replaced by a token with a random part
 * that nobody can guess, and is restored after the split. A token contains U+2028, which no marker pattern of dotprompt
 * crosses, so that a marker cannot be assembled around one either.
 */
export class MarkerGuard {
  private readonly budget: Pick<RenderBudget, 'value'>;
  /** The texts of this rendering. */
  private readonly kept: Kept[] = [];
  /** Texts of the templates themselves, which are compiled once and stay. */
  private readonly fixed: Kept[] = [];
  private readonly nonce = `llmops${randomBytes(16).toString('hex')}`;
  private readonly blankNonce = toBlank(randomBytes(16));
  private readonly pattern = new RegExp(
    `${this.nonce}[v\\u2028a]+(\\d+);|${this.blankNonce}([\\u2028\\u2029]{32})`,
    'g',
  );
  private readonly argumentPattern = new RegExp(`^${this.nonce}a(\\d+);$`);
  /** The helpers that rewritten templates call. */
  readonly helpers = {
    [VALUE]: (value) => this.valueToken(toText(value)),
    [ARGUMENT]: (value, literal) => {
      if (value === undefined || value === null || value === '') return undefined;
      return this.argumentToken(toText(value), literal === true);
    },
    [URL_ARGUMENT]: (value, literal, shown) => {
      if (value === undefined || value === null || toText(value).trim() === '') throw emptyMedia(String(shown));
      return this.argumentToken(toText(value).trim(), literal === true);
    },
    [ROLE]: (value) => {
      if (ROLES_BY_VALUE.includes(value)) return value;
      throw new UserError(`A value sets the role \`${toText(value).slice(0, 40)}\`.`, {
        code: 'invalid-input',
        hint: 'A value may only be user or model; write other roles in the template, as {{role "system"}}.',
      });
    },
  } satisfies Record<string, (...args: unknown[]) => unknown>;

  constructor(budget: Pick<RenderBudget, 'value'>) {
    this.budget = budget;
  }

  /** Forgets the texts of the last rendering. Its tokens never left it, so that the next one may use the same random part. */
  restart(): void {
    this.kept.length = 0;
  }

  /** Restores the replaced texts; restored text is never scanned again. */
  restore(text: string): string {
    return text.replace(this.pattern, (_, index?: string, blank?: string) =>
      this.textAt(index ?? String(fromBlank(blank ?? ''))),
    );
  }

  /** Rewrites a parsed template in place, so that the output of an expression passes through this guard. */
  rewrite(ast: hbs.AST.Program): hbs.AST.Program {
    return guardTemplate(ast, (text) => this.textToken(text, this.keep(text, { literal: false, list: this.fixed })));
  }

  /** The argument of a helper such as `media`: its text, and whether it is in the template itself. */
  argument(token: string): Kept {
    const index = this.argumentPattern.exec(token)?.[1];
    const found = index === undefined ? undefined : this.keptAt(Number(index));
    return found ?? { text: this.restore(token), literal: true };
  }

  /** An even number for a text of this rendering, an odd one for a text that stays. */
  private keep(text: string, { literal, list }: { literal: boolean; list: Kept[] }): number {
    return 2 * (list.push({ text, literal }) - 1) + (list === this.fixed ? 1 : 0);
  }

  private keptAt(number: number): Kept | undefined {
    return (number % 2 === 1 ? this.fixed : this.kept)[number >> 1];
  }

  // dotprompt drops pieces of blank text: the token of a blank value has to be blank as well.
  private blankToken(index: number): string {
    return this.blankNonce + toBlank(Uint8Array.of(index >> 24, index >> 16, index >> 8, index));
  }

  private valueToken(text: string): string {
    return this.textToken(text, this.keep(text, { literal: false, list: this.kept }));
  }

  private textToken(text: string, index: number): string {
    const token = text.trim() === '' ? this.blankToken(index) : `${this.nonce}v\u2028${index};`;
    this.budget.value(text.length, token.length);
    return token;
  }

  private argumentToken(text: string, literal: boolean): string {
    const token = `${this.nonce}a${this.keep(text, { literal, list: this.kept })};`;
    this.budget.value(text.length, token.length);
    return token;
  }

  private textAt(index: string): string {
    return this.keptAt(Number(index))?.text ?? '';
  }
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
