import { pathToFileURL } from 'node:url';

/**
 * The vocabularies of the tokenizer are arrays of 200,000 literals, for which the engine builds a syntax tree of tens of
 * megabytes that it never frees. As one text that is parsed as JSON they need a third of it, and less time.
 */
export function tokenRanks() {
  return {
    name: 'token-ranks',
    setup(build) {
      build.onLoad({ filter: /[\\/]gpt-tokenizer[\\/]esm[\\/]bpeRanks[\\/]\w+\.js$/ }, async ({ path: file }) => {
        const { default: ranks } = await import(pathToFileURL(file).href);
        if (!Array.isArray(ranks) || Object.keys(ranks).length !== ranks.length) {
          throw new Error(`${file} is no longer a list without gaps.`);
        }
        return { contents: `export default JSON.parse(${JSON.stringify(JSON.stringify(ranks))});`, loader: 'js' };
      });
    },
  };
}
