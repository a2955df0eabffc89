import { throwIfAborted } from '../../base/abort.ts';
import { UserError } from '../../base/errors.ts';
import { positionAt } from '../position.ts';
import type { Prompt } from '../prompt.ts';
import { parseTemplate } from './template.ts';

interface PartialSource {
  partials(name: string): Promise<string | undefined>;
  signal?: AbortSignal | undefined;
}

/** Most prompts use no partials, and need not be parsed again to find out. */
const CALLS_PARTIAL = /\{\{~?\s*(?:#\s*)?>/;

/**
 * Loads every partial that a prompt calls, and those that they call. A missing one is omitted: it matters only if it is
 * reached. Throws UserError `invalid-prompt` for a partial with errors.
 */
export async function loadPartials(prompt: Prompt, source: PartialSource): Promise<Map<string, string>> {
  const loaded = new Map<string, string>();
  const seen = new Set<string>();
  const { text } = prompt.template;
  let names = CALLS_PARTIAL.test(text) ? partialNames(parseTemplate(text).ast) : [];
  while (names.length > 0) {
    throwIfAborted(source.signal);
    const fresh = [...new Set(names)].filter((name) => !seen.has(name));
    for (const name of fresh) seen.add(name);
    const texts = await Promise.all(fresh.map(async (name) => [name, await source.partials(name)] as const));
    names = texts.flatMap(([name, partial]) => {
      if (partial === undefined) return [];
      loaded.set(name, partial);
      return partialNames(parsePartial(name, partial));
    });
  }
  return loaded;
}

function parsePartial(name: string, text: string): hbs.AST.Program | undefined {
  const { ast, problems } = parseTemplate(text);
  const problem = problems.find(({ severity }) => severity === 'error');
  if (!problem) return ast;
  const { line, column } = positionAt(text, problem.range.start);
  throw new UserError(`The partial \`${name}\` has an error at ${line}:${column}: ${problem.message}`, {
    code: 'invalid-prompt',
    hint: `Fix _${name}.prompt and run again.`,
  });
}

/** The names that a template calls as partials, in order; names computed while rendering are not included. */
export function partialNames(ast: hbs.AST.Program | undefined): string[] {
  return (ast?.body ?? []).flatMap((statement): string[] => {
    switch (statement.type) {
      case 'PartialStatement':
        return ownName(statement as hbs.AST.PartialStatement);
      case 'PartialBlockStatement': {
        const block = statement as hbs.AST.PartialBlockStatement;
        return [...ownName(block), ...partialNames(block.program)];
      }
      case 'BlockStatement': {
        const block = statement as hbs.AST.BlockStatement;
        return [...partialNames(block.program), ...partialNames(block.inverse)];
      }
      case 'DecoratorBlock':
        return partialNames((statement as hbs.AST.DecoratorBlock).program);
      default:
        return [];
    }
  });
}

function ownName({ name }: { name: hbs.AST.Node }): string[] {
  if (name.type === 'SubExpression') return [];
  const { original, data } = name as hbs.AST.PathExpression;
  return data ? [] : [String(original)];
}
