import { parser } from '@lezer/python';

/** Where a text is not Python, as `line: text` of the first place that does not parse; undefined where all of it does. */
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
