import { splitFrontMatter } from './front-matter/front-matter.ts';
import { readMetadata } from './front-matter/metadata.ts';
import { readYaml, type YamlData } from './front-matter/yaml-data.ts';
import type { Diagnostic, ParsedPrompt, Prompt, Range } from './prompt.ts';
import type { SchemaResolver } from './schema/picoschema.ts';
import { parseTemplate } from './template/template.ts';

interface ParseOptions {
  /** Absolute path of the file; the default for the prompt's name. */
  path?: string;
  /** Finds a schema by name; without it, every name is unknown. */
  resolveSchema?: SchemaResolver;
}

/** Reads a `.prompt` file. Never throws: all problems are in `diagnostics`, in the order of the file. */
export function parsePrompt(source: string, { path, resolveSchema }: ParseOptions = {}): ParsedPrompt {
  const split = splitFrontMatter(source);
  const diagnostics: Diagnostic[] = [];
  const yaml = split.yaml ? readYaml(source, split.yaml) : NO_FRONT_MATTER;
  if (split.unclosedFence) {
    const message = 'The front matter that begins here is not closed: a `---` line is missing.';
    diagnostics.push({ code: 'front-matter-unclosed', severity: 'error', message, range: split.unclosedFence });
  } else {
    diagnostics.push(...yaml.diagnostics);
  }
  if (split.textFence) diagnostics.push(fenceInText(split.textFence, whyText(source, split.textFence)));
  if (split.misplacedFence) diagnostics.push(fenceInText(split.misplacedFence, MISPLACED));
  // After a broken line of YAML the result below it may be wrong: only its syntax is reported.
  const readable = !diagnostics.some(({ severity }) => severity === 'error');
  const metadata = readMetadata(yaml, resolveSchema, readable ? diagnostics : []);
  const text = source.slice(split.template.start, split.template.end);
  for (const problem of parseTemplate(text).problems) {
    const { start, end } = problem.range;
    diagnostics.push({ ...problem, range: { start: start + split.template.start, end: end + split.template.start } });
  }
  diagnostics.sort((a, b) => a.range.start - b.range.start);
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  const named = nameFromPath(path);
  const prompt: Prompt = {
    path,
    source,
    frontMatter: split.yaml ? { range: split.yaml, data: yaml.data } : undefined,
    template: { text, range: split.template },
    ...metadata,
    name: metadata.name ?? named.name,
    variant: metadata.variant ?? named.variant,
    ...(errors.length > 0 ? { errors } : {}),
  };
  return { prompt, diagnostics };
}

/** Text may contain Markdown rules, so this blocks no run: but front matter that is sent as text is seldom intended. */
function fenceInText(range: Range, why: string): Diagnostic {
  const message = `${why} All of it is sent to the model as text.`;
  return { code: 'fence-in-text', severity: 'warning', message, range };
}

const MISPLACED =
  'This looks like front matter but is not read as such: its first line must be only `---`, and only blank lines and lines that begin with `#` may precede it.';

function whyText(source: string, { end }: Range): string {
  const isClosed = /(?:\r|\n)---[^\S\r\n]*(?:\r|\n|$)/.test(source.slice(end));
  return isClosed
    ? 'The text between this line and the next `---` is not a map of keys, so it is not front matter.'
    : 'No second `---` line closes this one, so what follows is not front matter.';
}

const NOWHERE = { start: 0, end: 0 };
const NO_FRONT_MATTER: YamlData = { data: {}, locate: () => NOWHERE, locateKey: () => NOWHERE, diagnostics: [] };

/** `churn.short.prompt` is variant `short` of `churn`; a partial's leading underscore is not part of its name. */
function nameFromPath(path: string | undefined): { name: string; variant: string | undefined } {
  const stem = (path?.split(/[\\/]/).at(-1) ?? '').replace(/\.prompt$/, '').replace(/^_/, '');
  const dot = stem.lastIndexOf('.');
  if (dot <= 0) return { name: stem || 'untitled', variant: undefined };
  return { name: stem.slice(0, dot), variant: stem.slice(dot + 1) };
}
