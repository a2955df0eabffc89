import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Import, readImports } from './imports.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Who may import whom. A part may import itself and `shared`; a part that is not named here may not exist. */
const table: Record<string, readonly string[]> = {
  shared: [],
  base: [],
  config: ['base'],
  datasets: ['base'],
  store: ['base', 'models'],
  jobs: ['base', 'store'],
  models: ['base', 'config', 'media'],
  prompts: ['base', 'config', 'models'],
  language: ['base', 'config', 'datasets', 'models', 'prompts'],
  versions: ['base', 'language', 'prompts', 'store'],
  rag: ['base', 'config', 'datasets', 'jobs', 'models', 'store'],
  runs: ['base', 'jobs', 'language', 'models', 'prompts', 'store', 'versions'],
  evals: ['base', 'config', 'datasets', 'jobs', 'media', 'models', 'prompts', 'rag', 'runs', 'store', 'versions'],
  finetune: ['base', 'config', 'datasets', 'evals', 'jobs', 'models', 'prompts', 'runs', 'store'],
  deploy: ['base', 'config', 'datasets', 'evals', 'jobs', 'models', 'prompts', 'rag', 'runs', 'store', 'versions'],
};
const domains = Object.keys(table).filter((part) => part !== 'shared');
const core = [...domains, 'workbench'];
Object.assign(table, {
  workbench: domains,
  protocol: core,
  panels: [...core, 'protocol'],
  vscode: [...core, 'panels', 'protocol'],
  cli: [...core, 'package.json'],
  webview: ['protocol'],
});

/** Only types of these may be imported: a panel's bundle contains no core, the store's worker no provider. */
const typesOnly: Record<string, readonly string[]> = { protocol: core, store: ['models'] };

/**
 * The features of the extension, each with the others that it may import; all of them may import the shell and the host's
 * adapters. Only `extension.ts` sees every feature.
 */
const featureTable: Record<string, readonly string[]> = {
  models: [],
  compare: ['models'],
  prompts: ['compare', 'models'],
  versions: ['prompts'],
  language: ['versions'],
  preview: ['compare'],
  runs: ['compare', 'evals', 'models'],
  evals: ['compare', 'language'],
};
const features = Object.keys(featureTable);
const vscodeTable: Record<string, readonly string[]> = {
  host: [],
  shell: ['host'],
  ...Object.fromEntries(Object.entries(featureTable).map(([name, others]) => [name, ['host', 'shell', ...others]])),
};

/** The only rooms allowed in each of these folders. */
const rooms: Record<string, readonly string[]> = {
  src: ['cli', 'core', 'panels', 'protocol', 'shared', 'vscode'],
  'src/core': [...domains, 'workbench.ts'],
  'src/vscode': ['extension.ts', 'host', 'shell', ...features],
  test: ['bed', 'bench', 'cli', 'contract', 'fixtures', 'golden', 'host', 'integration', 'ui', 'unit'],
  '.': ['src', 'webview', 'media', 'syntaxes', 'test', 'node_modules', 'dist', 'test-results'].concat(
    ['package.json', 'package-lock.json', 'tsconfig.json', 'biome.json', 'esbuild.config.mjs', 'vitest.config.ts'],
    ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE'],
  ),
};

const maxLines = 400;
const maxFiles = 20;

/** `src/core/prompts/parse.ts` belongs to `prompts`, `src/vscode/runs/x.ts` to `vscode`. */
function partOf(file: string): string {
  const [first, second, third] = file.split('/');
  if (first !== 'src') return first ?? '';
  return second === 'core' ? path.basename(third ?? '', '.ts') : (second ?? '');
}

function list(folder: string, pattern: RegExp): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join(folder, name.split(path.sep).join('/')))
    .filter((name) => pattern.test(name));
}

const sources = [...list('src', /\.tsx?$/), ...list('webview', /\.tsx?$/)];
const imports = new Map(sources.map((file) => [file, readImports(root, file)]));

function findImports(wrong: (file: string, imported: Import) => boolean): string[] {
  return [...imports].flatMap(([file, found]) =>
    found.filter((imported) => wrong(file, imported)).map((imported) => `${file} imports ${imported.target}`),
  );
}

/** The files of one import cycle, or undefined. Types count: files that need a cycle are one thing in several files. */
function findCycle(): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, trail: string[]): string[] | undefined => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const { target, local, dynamic } of imports.get(file) ?? []) {
      const cycle = local && !dynamic ? visit(target, [...trail, file]) : undefined;
      if (cycle) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of sources) {
    const cycle = visit(file, []);
    if (cycle) return cycle;
  }
  return undefined;
}

test('a part imports only the parts that the table allows', () => {
  const wrong = findImports((file, { target, local }) => {
    const [from, to] = [partOf(file), partOf(target)];
    return local && from !== to && to !== 'shared' && !(table[from]?.includes(to) ?? false);
  });
  expect(wrong).toEqual([]);
});

test('the folders of the extension import in one direction', () => {
  const folderOf = (file: string) => /^src\/vscode\/(.+?)\//.exec(file)?.[1];
  const wrong = findImports((file, { target, local }) => {
    const [from, to] = [
      folderOf(file),
      local ? partOf(target) === 'vscode' && (folderOf(target) ?? target) : undefined,
    ];
    return from !== undefined && !!to && from !== to && !(vscodeTable[from]?.includes(to) ?? false);
  });
  expect(wrong).toEqual([]);
});

test('folders of features do not import each other', () => {
  const pairs = new Set<string>();
  for (const [file, found] of imports) {
    for (const { target, local } of found) {
      const [from, to] = [path.posix.dirname(file), path.posix.dirname(target)];
      if (local && from !== to && from.startsWith('src/vscode/') && to.startsWith('src/vscode/'))
        pairs.add(`${from} ${to}`);
    }
  }
  expect([...pairs].filter((pair) => pairs.has(pair.split(' ').reverse().join(' ')))).toEqual([]);
});

test('every import names a file that exists', () => {
  const data = [...list('src', /\.json$/), ...list('media/schemas', /\.json$/), ...list('webview', /\.css$/)];
  const known = new Set(['package.json', ...sources, ...data]);
  expect(findImports((_file, { target, local }) => local && !known.has(target))).toEqual([]);
});

test('only types are imported where only types are allowed', () => {
  const wrong = findImports((file, { target, local, typeOnly }) => {
    const [from, to] = [partOf(file), partOf(target)];
    return local && from !== to && !typeOnly && (typesOnly[from]?.includes(to) ?? false);
  });
  expect(wrong).toEqual([]);
});

test('only src/vscode imports vscode', () => {
  expect(findImports((file, { target }) => target === 'vscode' && partOf(file) !== 'vscode')).toEqual([]);
});

test('only webview/ui.ts imports the toolkit, so that another one replaces one file', () => {
  const toolkit = '@vscode/webview-ui-toolkit';
  expect(findImports((file, { target }) => target.startsWith(toolkit) && file !== 'webview/ui.ts')).toEqual([]);
});

test('no file of core, the protocol or the command line imports the view library', () => {
  expect(findImports((file, { target }) => /^preact(\/|$)/.test(target) && partOf(file) !== 'webview')).toEqual([]);
});

test('there are no import cycles', () => {
  expect(findCycle()).toBeUndefined();
});

test.each(Object.entries(rooms))('%s contains only its rooms', (folder, allowed) => {
  const there = readdirSync(path.join(root, folder)).filter((name) => !name.startsWith('.') && !name.endsWith('.vsix'));
  expect(there.filter((name) => !allowed.includes(name))).toEqual([]);
});

test('no folder has more files than fit on one screen', () => {
  const files = [...list('src', /\.\w+$/), ...list('webview', /\.\w+$/)];
  const counts = Map.groupBy(files, (file) => path.posix.dirname(file));
  const crowded = [...counts]
    .map(([folder, { length }]) => ({ folder, length }))
    .filter(({ length }) => length > maxFiles);
  expect(crowded).toEqual([]);
});

test('no source file is too long to read in one go', () => {
  const files = [...sources, ...list('test/bed', /\.(ts|tsx|mjs)$/), 'esbuild.config.mjs'];
  const long = files
    .map((file) => ({ file, lines: readFileSync(path.join(root, file), 'utf8').trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > maxLines);
  expect(long).toEqual([]);
});

test('a command line that imports vscode does not build', async () => {
  const config = new URL('../../esbuild.config.mjs', import.meta.url).href;
  const { builds } = (await import(/* @vite-ignore */ config)) as {
    builds: { entryPoints: Record<string, string>; external?: string[]; packages?: string }[];
  };
  const guards = builds.filter(
    ({ entryPoints, external = [], packages }) =>
      'llmops' in entryPoints && external.length === 0 && packages === undefined,
  );
  expect(guards).toHaveLength(1);
});
