import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';

const ROOT = join(import.meta.dirname, '../../..');
const EXTENSIONS = join(ROOT, 'node_modules/code-server/lib/vscode/extensions');
const GRAMMARS: Record<string, string> = {
  'source.dotprompt': join(ROOT, 'syntaxes/dotprompt.tmLanguage.json'),
  'source.yaml': join(EXTENSIONS, 'yaml/syntaxes/yaml.tmLanguage.json'),
  ...Object.fromEntries(
    ['1.0', '1.1', '1.2', '1.3', 'embedded'].map((part) => [
      part === 'embedded' ? 'source.yaml.embedded' : `source.yaml.${part}`,
      join(EXTENSIONS, `yaml/syntaxes/yaml-${part}.tmLanguage.json`),
    ]),
  ),
};

export interface Token {
  text: string;
  /** Without the grammar's own scope, which every token has. */
  scopes: string[];
}

/** Tokenizes line by line as VS Code does, with the YAML grammar of VS Code. */
export async function createTokenizer(): Promise<(text: string) => Token[][]> {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await oniguruma.loadWASM(readFileSync(wasm));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope) => {
      const path = GRAMMARS[scope];
      return path ? textmate.parseRawGrammar(readFileSync(path, 'utf8'), path) : null;
    },
  });
  const grammar = await registry.loadGrammar('source.dotprompt');
  if (!grammar) throw new Error('The grammar cannot be loaded.');
  return (text) => {
    let stack = textmate.INITIAL;
    return text.split(/\r\n|\n/).map((line) => {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
      stack = ruleStack;
      return tokens.map(({ startIndex, endIndex, scopes }) => ({
        text: line.slice(startIndex, endIndex),
        scopes: scopes.slice(1),
      }));
    });
  };
}
