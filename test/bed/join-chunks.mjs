import fs from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';

/**
 * Joins the chunks that are loaded with the extension's entry into two files, because the number of files is most of the
 * time that loading takes: `activation.js` for chunks that reach `vscode`, and `activation-core.js` for the others, which
 * the command line and workers load too. Returns the files that dist/ then has.
 */
export async function joinChunks(outputs, { entry, outdir, ...options }) {
  const loaded = loadedWith(outputs, entry);
  const host = loaded.filter((chunk) => loadedWith(outputs, chunk).some((file) => importsVscode(outputs[file])));
  const core = loaded.filter((chunk) => !host.includes(chunk));
  for (const [name, chunks] of Object.entries({ 'activation-core.js': core, 'activation.js': host }))
    await joinInto(path.join(outdir, name), { chunks, outputs, ...options });
  const joined = loaded.filter((chunk) => !outputs[chunk].entryPoint);
  return [
    ...Object.keys(outputs).filter((file) => !joined.includes(file)),
    `${outdir}/activation.js`,
    `${outdir}/activation-core.js`,
  ];
}

/** An output and what it imports before any `import()`, in the order in which it is reached. */
function loadedWith(outputs, entry, seen = new Set()) {
  if (seen.has(entry)) return [];
  seen.add(entry);
  return [entry, ...importedBy(outputs[entry]).flatMap((file) => loadedWith(outputs, file, seen))];
}

const importedBy = ({ imports }) =>
  imports.filter(({ kind, external }) => kind === 'import-statement' && !external).map(({ path: file }) => file);

const importsVscode = ({ imports }) => imports.some(({ path: name }) => name === 'vscode');

async function joinInto(outfile, { chunks, outputs, absWorkingDir, banner, ...options }) {
  const inRoot = (file) => path.join(absWorkingDir, file);
  const places = new Map(chunks.map((chunk, index) => [path.basename(chunk), index]));
  const exported = chunks.map((chunk, index) => {
    const names = outputs[chunk].exports.map((name) => `${name} as ${name}_${index}`);
    return `export{${names}}from"./${path.basename(chunk)}";`;
  });
  await esbuild.build({
    ...options,
    absWorkingDir,
    banner,
    splitting: false,
    stdin: { contents: exported.join('\n'), resolveDir: path.dirname(inRoot(outfile)) },
    outfile,
    external: ['vscode'],
    plugins: [onlyChunks(places, banner.js)],
  });
  const importers = Object.keys(outputs).filter((file) =>
    importedBy(outputs[file]).some((one) => chunks.includes(one)),
  );
  for (const file of importers.filter((one) => !chunks.includes(one))) {
    const text = fs.readFileSync(inRoot(file), 'utf8');
    fs.writeFileSync(inRoot(file), importJoined(text, { places, name: path.basename(outfile) }));
  }
  // what is an entry too keeps its file
  for (const [index, chunk] of chunks.entries()) {
    const names = outputs[chunk].exports.map((name) => `${name}_${index} as ${name}`);
    if (outputs[chunk].entryPoint)
      fs.writeFileSync(inRoot(chunk), `export{${names}}from"./${path.basename(outfile)}";\n`);
  }
}

/** `import{a as b}from"./chunk-X.js"` becomes `import{a_4 as b}from"./activation-core.js"`. */
function importJoined(text, { places, name }) {
  const from = (file) => places.get(file);
  return text
    .replace(/\b(import|export)\s*\{([^{}]*)\}\s*from\s*"\.\/([^"/]+)"/g, (whole, verb, names, file) => {
      if (from(file) === undefined) return whole;
      const renamed = names.split(',').map((one) => {
        const [own, , local = own] = one.trim().split(/\s+/);
        return `${own}_${from(file)} as ${local}`;
      });
      return `${verb}{${renamed}}from"./${name}"`;
    })
    .replace(/\bimport\s*"\.\/([^"/]+)"/g, (whole, file) => (from(file) === undefined ? whole : `import"./${name}"`));
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
