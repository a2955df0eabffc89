import { splitFrontMatter } from '../../prompts/front-matter/front-matter.ts';

/** A key of a map, without a value yet. */
const OPEN_KEY =
  /^\s*(?:- )?(?:input|output|schema|default|config|toolDefs|inputSchema|llmops\.\w+|[\w-]+\??\((?:array|object|enum)\b[^)]*\)):[^\S\r\n]*$/;

/**
 * True if the line at an offset is a key of the front matter whose values are below it, indented. The same text in the
 * template is content, examples of `input:` and `output:` above all.
 */
export function opensKey(source: string, offset: number): boolean {
  const start = source.lastIndexOf('\n', offset - 1) + 1;
  const end = source.indexOf('\n', start);
  if (!OPEN_KEY.test(source.slice(start, end < 0 ? undefined : end).replace(/\r$/, ''))) return false;
  const { yaml } = splitFrontMatter(source);
  return yaml !== undefined && start >= yaml.start && start < yaml.end;
}
