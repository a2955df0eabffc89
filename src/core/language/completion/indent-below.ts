import { splitFrontMatter } from '../../prompts/front-matter/front-matter.ts';

/** A key of a map, without a value yet. */
const OPEN_KEY =
  /^\s*(?:- )?(?:input|output|schema|default|config|toolDefs|inputSchema|llmops\.\w+|[\w-]+\??\((?:array|object|enum)\b[^)]*\)):[^\S\r\n]*$/;

/** True if the line is a key of the front matter, not of an example in the template, with indented values below it. */
export function opensKey(source: string, offset: number): boolean {
  const start = source.lastIndexOf('\n', offset - 1) + 1;
  const end = source.indexOf('\n', start);
  if (!OPEN_KEY.test(source.slice(start, end < 0 ? undefined : end).replace(/\r$/, ''))) return false;
  const { yaml } = splitFrontMatter(source);
  return yaml !== undefined && start >= yaml.start && start < yaml.end;
}
