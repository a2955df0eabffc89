import { splitFrontMatter } from '../../prompts/front-matter/front-matter.ts';
import { parseFrontMatter } from './parse-front-matter.ts';
import { parseTemplateTree } from './parse-template.ts';
import type { SyntaxTree } from './tree.ts';

/** The syntax tree of a whole file. Never throws, and takes time proportional to the file's length. */
export function parseTree(source: string): SyntaxTree {
  const { header, yaml, fences, template } = splitFrontMatter(source);
  return {
    source,
    frontMatter: yaml && fences && parseFrontMatter(source, yaml, { header, fences }),
    template: { range: template, body: parseTemplateTree(source, template) },
  };
}
