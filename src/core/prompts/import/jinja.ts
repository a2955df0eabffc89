import { addInput, type InputFacts, type Inputs } from './draft.ts';
import { cleanName, joinPieces, type Piece, pathText } from './literal-text.ts';

/** A block that is open: how it is closed, and the names that its loop brings. */
interface OpenBlock {
  keyword: string;
  close: string;
  names: readonly string[];
}

interface Conversion {
  inputs: Inputs;
  notes: string[];
  open: OpenBlock[];
  /** Inputs that a condition asks about, and those that are printed. */
  conditions: Set<string>;
  printed: Set<string>;
}

/** Bounded, so that a text of nothing but openings is read in a moment. */
const TAG =
  /\{#[\s\S]{0,9999}?#\}|\{%[-+]?\s*raw\s*[-+]?%\}([\s\S]{0,99999}?)\{%[-+]?\s*endraw\s*[-+]?%\}|\{%([-+]?)([\s\S]{0,999}?)([-+]?)%\}|\{\{(-?)([\s\S]{0,999}?)(-?)\}\}/g;

/**
 * Jinja2 and Nunjucks (Prompty, promptfoo, LangChain) as a template of this format. Plain `{{name}}` texts of MLflow and
 * Langfuse pass the same way. Every tag that has no counterpart is told in a note.
 */
export function convertJinja(text: string, context: { inputs: Inputs; notes: string[] }): string {
  const conversion: Conversion = { ...context, open: [], conditions: new Set(), printed: new Set() };
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(TAG)) {
    pieces.push({ text: text.slice(end, match.index) });
    end = match.index + match[0].length;
    const [whole, raw, before, statement, after, trimBefore, expression, trimAfter] = match;
    if (raw !== undefined) pieces.push({ text: raw });
    else if (whole.startsWith('{#')) pieces.push(comment(whole.slice(2, -2)));
    else if (statement !== undefined) {
      const trims = isOwnLine(text, match, end) && before !== after ? {} : { before, after };
      pieces.push(convertTag(statement.trim(), trims, conversion));
    } else {
      const code = convertOutput(expression ?? '', conversion);
      pieces.push({ code: trimmed(code, trimBefore, trimAfter) });
    }
  }
  pieces.push({ text: text.slice(end) });
  if (/^[ \t]*\{%(?!-)(?![\s\S]{0,40}?raw)[^\n]*[^-\n]%\}[ \t]*$/m.test(text)) {
    context.notes.push(
      'Lines that hold nothing but a tag leave no empty line behind when they are rendered; there they did.',
    );
  }
  for (const name of conversion.conditions) {
    const facts = context.inputs.get(name);
    if (facts && facts.type === undefined && facts.default === undefined && !conversion.printed.has(name)) {
      // Whatever may be true or false: a text, a list, a boolean.
      context.inputs.set(name, { ...facts, type: 'any' });
    }
  }
  for (const block of conversion.open.reverse()) {
    context.notes.push(`A \`${block.keyword}\` is never closed: its end was put at the end of the text.`);
    pieces.push({ code: block.close });
  }
  return joinPieces(pieces);
}

/**
 * A tag alone on its line leaves nothing of the line behind in this format, as one that is trimmed on one side does
 * there: a `~` besides would take the line before or after it as well.
 */
function isOwnLine(text: string, match: RegExpExecArray, end: number): boolean {
  const lead = text.slice(Math.max(0, match.index - 80), match.index);
  return (
    /(?:^|[^\s]|\}[ \t]*)[ \t]*(?:^|\n)[ \t]*$/.test(lead) && /^[ \t]*(?:\n(?!\s*\n)|$)/.test(text.slice(end, end + 80))
  );
}

function convertOutput(source: string, conversion: Conversion): string {
  const [head = '', ...filters] = splitFilters(source);
  const own = filters.length === 1 ? filterCode(head.trim(), filters[0] ?? '', conversion) : undefined;
  if (own !== undefined) return own;
  const isJson = filters.some((filter) => /^(tojson|dump)\b/.test(filter));
  const path = pathOf(head.trim(), conversion);
  const lost = filters.filter((filter) => !/^(tojson|dump|safe|e|escape)\b/.test(filter));
  for (const filter of lost) {
    conversion.notes.push(
      `The filter \`${filter}\` of \`${head.trim()}\` is not carried: pass the value as it is to be shown.`,
    );
  }
  return isJson ? `{{json ${path}}}` : `{{${path}}}`;
}

/** The few filters that a template of this format can do as well; undefined for any other. */
function filterCode(head: string, filter: string, conversion: Conversion): string | undefined {
  if (!/^[A-Za-z_][\w.]*$/.test(head)) return undefined;
  if (/^(?:length|count)$/.test(filter)) return `{{${pathOf(`${head}.length`, conversion)}}}`;
  const [, name, quote, text = ''] = /^(join|default|d)\(\s*(["'])([^"'{}]*)\2[^()]*\)$/.exec(filter) ?? [];
  if (quote === undefined) return undefined;
  const literal = text.replaceAll('\\n', '\n').replaceAll('\\t', '\t');
  if (name !== 'join') {
    const isInput = /^\w+$/.test(head) && !conversion.open.some(({ names }) => names.includes(head));
    return isInput ? `{{${pathOf(head, conversion, { default: literal })}}}` : undefined;
  }
  return `{{#each ${pathOf(head, conversion, { array: true })}}}{{this}}{{#unless @last}}${literal}{{/unless}}{{/each}}`;
}

function convertTag(
  tag: string,
  { before, after }: { before?: string | undefined; after?: string | undefined },
  conversion: Conversion,
): Piece {
  const made = tagCode(tag, conversion);
  if (made === undefined) {
    conversion.notes.push(`\`{% ${tag} %}\` has no counterpart and stands as a comment.`);
    return comment(`{% ${tag} %}`);
  }
  return { code: trimmed(made, before, after) };
}

function tagCode(tag: string, conversion: Conversion): string | undefined {
  const { open } = conversion;
  const loop = /^for\s+([A-Za-z_]\w*)(?:\s*,\s*([A-Za-z_]\w*))?\s+in\s+([\s\S]+)$/.exec(tag);
  if (loop) {
    const [, first = '', second, list = ''] = loop;
    const pairs = /\.items\(\)\s*$/.test(list);
    const path = pathOf(list.replace(/\.items\(\)\s*$/, '').trim(), conversion, pairs ? {} : { array: true });
    // Jinja gives key and value, a block of this format value and key.
    const names = second === undefined ? [first] : [second, first];
    open.push({ keyword: 'for', close: '{{/each}}', names });
    return `{{#each ${path} as |${names.join(' ')}|}}`;
  }
  const condition = /^(if|elif|elseif)\s+([\s\S]+)$/.exec(tag);
  if (condition) {
    const [, keyword, test = ''] = condition;
    const call = conditionCall(test.trim(), conversion);
    if (keyword !== 'if') return `{{else ${call}}}`;
    open.push({ keyword: 'if', close: `{{/${call.split(' ')[0]}}}`, names: [] });
    return `{{#${call}}}`;
  }
  if (tag === 'else') return '{{else}}';
  if (/^end(for|if)$/.test(tag)) {
    const block = open.pop();
    return block?.close;
  }
  return undefined;
}

const LITERAL = /^(?:"[^"\\]*"|'[^'\\]*'|-?\d+(?:\.\d+)?|[Tt]rue|[Ff]alse)$/;

function conditionCall(test: string, conversion: Conversion): string {
  const negated = /^not\s+([\w.[\]'"]+)$/.exec(test);
  if (negated) return `unless ${pathOf(negated[1] ?? '', conversion, { optional: true })}`;
  const compared = /^([\w.[\]'"]+)\s*(==|!=)\s*([\s\S]+)$/.exec(test);
  if (compared && LITERAL.test((compared[3] ?? '').trim())) {
    const literal = (compared[3] ?? '')
      .trim()
      .replace(/^'(.*)'$/s, '"$1"')
      .replace(/^[TF]/, (letter) => letter.toLowerCase());
    return `${compared[2] === '==' ? 'ifEquals' : 'unlessEquals'} ${pathOf(compared[1] ?? '', conversion)} ${literal}`;
  }
  if (/^[A-Za-z_][\w.]*(?:\[[^\]]*\])*$/.test(test)) return `if ${pathOf(test, conversion, { optional: true })}`;
  const name = cleanName(`if_${(test.match(/[A-Za-z_]\w*/g) ?? ['condition']).slice(0, 4).join('_')}`);
  addInput(conversion.inputs, name, { type: 'boolean', description: `whether ${test.replace(/\s+/g, ' ')}` });
  conversion.notes.push(`The condition \`${test}\` cannot run in a template: it became the input \`${name}\`.`);
  return `if ${inScope(name, [], conversion)}`;
}

const LOOP_DATA: Record<string, string> = { index0: '@index', first: '@first', last: '@last' };

/** A path as this format writes it, and its variable among the inputs. */
function pathOf(source: string, conversion: Conversion, facts: Omit<InputFacts, 'type'> = {}): string {
  const match = /^([A-Za-z_][\w-]*|[A-Za-z_][\w -]*\w)((?:\.[\w]+|\[[^\]]*\])*)$/.exec(source);
  if (!match) {
    const name = cleanName((source.match(/[A-Za-z_]\w*/g) ?? ['value']).slice(0, 3).join('_'));
    addInput(conversion.inputs, name, { description: `the value of ${source.replace(/\s+/g, ' ').trim()}` });
    conversion.notes.push(`The expression \`${source}\` cannot run in a template: it became the input \`${name}\`.`);
    return inScope(name, [], conversion);
  }
  const [, head = '', rest = ''] = match;
  const steps = [...rest.matchAll(/\.(\w+)|\[\s*["']?([^\]"']*)["']?\s*\]/g)].map((step) => step[1] ?? step[2] ?? '');
  if (head === 'loop' && steps.length === 1 && conversion.open.some(({ keyword }) => keyword === 'for')) {
    if (steps[0] === 'index') conversion.notes.push('`loop.index` counts from 1, and `{{@index}}` from 0.');
    return LOOP_DATA[steps[0] ?? ''] ?? '@index';
  }
  const isLocal = conversion.open.some(({ names }) => names.includes(head));
  if (isLocal) return pathText([head, ...steps]);
  const name = cleanName(head);
  if (name !== head) conversion.notes.push(`The variable \`${head}\` is called \`${name}\` now.`);
  (facts.optional ? conversion.conditions : conversion.printed).add(name);
  addInput(conversion.inputs, name, { ...(steps.length > 0 || facts.array ? { type: 'any' } : {}), ...facts });
  return inScope(name, steps, conversion);
}

/** Inside a loop this format's plain names are the element's, so an input is reached from the root. */
function inScope(name: string, steps: readonly string[], { open }: Conversion): string {
  const inLoop = open.some(({ keyword }) => keyword === 'for');
  return inLoop ? `@root.${[name, ...steps].join('.')}` : pathText([name, ...steps]);
}

/** Splits at `|`, which may also stand inside of quotes. */
function splitFilters(source: string): string[] {
  return (source.match(/(?:"[^"]*"|'[^']*'|[^|"'])+/g) ?? []).map((part) => part.trim());
}

function comment(text: string): Piece {
  return { code: `{{!-- ${text.trim().replaceAll('--}}', '-- }}')} --}}` };
}

function trimmed(code: string, before: string | undefined, after: string | undefined): string {
  const start = before === '-' ? code.replace(/^\{\{/, '{{~') : code;
  return after === '-' ? start.replace(/\}\}$/, '~}}') : start;
}
