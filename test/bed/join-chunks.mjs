import fs from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';

/**
 * Joins chunks that are loaded together into one file for each group, because the number of files is most of the time that
 * loading takes. A group has `name`, the sources of its `entries`, which code imports at run time, and `has`, which tells
 * whether a chunk belongs to it; a chunk belongs to the first group that has it. What a group loads at once must be in
 * the groups before it, or in none. Returns the files that dist/ then has.
 */
export async function joinChunks(outputs, { groups, outdir, ...options }) {
  const graph = createGraph(outputs);
  const places = new Map();
  for (const { name, entries, has = () => true } of groups) {
    const loaded = entries.flatMap((source) => graph.loadedWith(source));
    const chunks = [...new Set(loaded)].filter((file) => !places.has(path.basename(file)) && has(file, graph));
    for (const [index, file] of chunks.entries()) places.set(path.basename(file), { name, index, file });
  }
  for (const { name } of groups) {
    const chunks = [...places.values()].filter((place) => place.name === name).map(({ file }) => file);
    await joinInto(path.join(outdir, name), { chunks, outputs, ...options });
  }
  const kept = Object.keys(outputs).filter((file) => isKept(file, { places, outputs }));
  const written = [...kept, ...groups.map(({ name }) => path.join(outdir, name))];
  for (const file of written.filter((one) => one.endsWith('.js'))) {
    const inRoot = path.join(options.absWorkingDir, file);
    const place = places.get(path.basename(file));
    const text = place ? passOn(outputs[file], place) : fs.readFileSync(inRoot, 'utf8');
    fs.writeFileSync(inRoot, importJoined(text, places));
  }
  return written;
}

/** Which outputs load which. */
function createGraph(outputs) {
  const follow = (file, kinds, seen = new Set()) => {
    if (seen.has(file)) return seen;
    seen.add(file);
    const imported = outputs[file].imports.filter(({ kind, external }) => kinds.includes(kind) && !external);
    for (const { path: next } of imported) follow(next, kinds, seen);
    return seen;
  };
  const find = (source) => Object.keys(outputs).find((file) => outputs[file].entryPoint === source) ?? source;
  return {
    /** An output and what it imports before any `import()`, in the order in which it is reached. */
    loadedWith: (file) => [...follow(find(file), ['import-statement'])],
    reachedFrom: (file) => follow(find(file), ['import-statement', 'dynamic-import']),
    importsVscode: (file) => outputs[file].imports.some(({ path: name }) => name === 'vscode'),
  };
}

/** The names of files that something else than an import contains are those of entry points without a hash. */
const isKept = (file, { places, outputs }) =>
  !places.has(path.basename(file)) || (outputs[file].entryPoint !== undefined && !/-[A-Z0-9]{8}\.js$/.test(file));

const passOn = ({ exports }, { name, index }) =>
  `export{${exports.map((one) => `${one}_${index} as ${one}`)}}from"./${name}";\n`;

async function joinInto(outfile, { chunks, outputs, absWorkingDir, banner, ...options }) {
  const inRoot = (file) => path.join(absWorkingDir, file);
  const exported = chunks.flatMap((chunk, index) => {
    const names = outputs[chunk].exports.map((name) => `${name} as ${name}_${index}`);
    const from = JSON.stringify(`./${path.basename(chunk)}`);
    const all = outputs[chunk].entryPoint === undefined ? [] : [`export*as all_${index} from${from};`];
    return [`export{${names}}from${from};`, ...all];
  });
  await esbuild.build({
    ...options,
    absWorkingDir,
    banner,
    splitting: false,
    stdin: { contents: exported.join('\n'), resolveDir: path.dirname(inRoot(outfile)) },
    outfile,
    external: ['vscode'],
    plugins: [onlyChunks(new Set(chunks.map((chunk) => path.basename(chunk))), banner.js)],
  });
}

/**
 * `import{a as b}from"./chunk-X.js"` becomes `import{a_4 as b}from"./activation-core.js"`, and `import("./demo-X.js")`
 * becomes `import("./evaluation.js").then($=>$.all_7)`.
 */
function importJoined(text, places) {
  return text
    .replace(/\b(import|export)\s*\{([^{}]*)\}\s*from\s*"\.\/([^"/]+)"/g, (whole, verb, names, file) => {
      const place = places.get(file);
      if (place === undefined) return whole;
      const renamed = names.split(',').map((one) => {
        const [own, , local = own] = one.trim().split(/\s+/);
        return `${own}_${place.index} as ${local}`;
      });
      return `${verb}{${renamed}}from"./${place.name}"`;
    })
    .replace(/\bimport\s*"\.\/([^"/]+)"/g, (whole, file) => {
      const place = places.get(file);
      return place === undefined ? whole : `import"./${place.name}"`;
    })
    .replace(/\bimport\(\s*"\.\/([^"/]+)"\s*\)/g, (whole, file) => {
      const place = places.get(file);
      return place === undefined ? whole : `import("./${place.name}").then($=>$.all_${place.index})`;
    });
}

/** Bundles the chunks, each without its own banner, and leaves imports of other files as they are. */
function onlyChunks(chunks, banner) {
  return {
    name: 'only-chunks',
    setup(build) {
      build.onResolve({ filter: /^\.\// }, ({ path: file, kind }) =>
        kind !== 'dynamic-import' && chunks.has(path.basename(file)) ? undefined : { path: file, external: true },
      );
      build.onLoad({ filter: /\.js$/ }, ({ path: file }) => ({
        contents: fs.readFileSync(file, 'utf8').replace(banner, ''),
      }));
    },
  };
}
