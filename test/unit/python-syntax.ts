import { parser } from '@lezer/python';

/** The first place that is not valid Python, as `line: text`; undefined if all of it is valid. */
export function findPythonError(source: string): string | undefined {
  let found: string | undefined;
  parser.parse(source).iterate({
    enter(node) {
      if (!node.type.isError || found !== undefined) return;
      const lines = source.slice(0, node.from).split('\n');
      found = `${lines.length}: ${source.split('\n')[lines.length - 1]}`;
    },
  });
  return found;
}
