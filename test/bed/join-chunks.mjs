import fs from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';

/**
 * Joins the chunks that are loaded with the extension's entry into two files, because the number of files is most of the
 * time that loading takes: `activation.js` for chunks that reach `vscode`, and `activation-core.js` for the others, which
 * the command line and workers load too. Each chunk stays as a file that exports its names from the joined one. Returns
 * the written files.
 */
export async function joinChunks(outputs, { entry, outdir, ...options }) {
  const loaded = loadedWith(outputs, entry);
  const host = loaded.filter((chunk) => loadedWith(outputs, chunk).some((file) => importsVscode(outputs[file])));
  const core = loaded.filter((chunk) => !host.includes(chunk));
  const join = (name, chunks) => joinInto(path.join(outdir, name), { chunks, loaded, outputs, ...options });
  // in this order: the second contains the first one's facades
  return [await join('activation-core.js', core), await join('activation.js', host)];
}

/** An output and what it imports before any `import()`, in the order in which it is reached. */
function loadedWith(outputs, entry, seen = new Set()) {
  if (seen.has(entry)) return [];
  seen.add(entry);
  const imports = outputs[entry].imports.filter(({ kind, external }) => kind === 'import-statement' && !external);
  return [entry, ...imports.flatMap(({ path: file }) => loadedWith(outputs, file, seen))];
}

const importsVscode = ({ imports }) => imports.some(({ path: name }) => name === 'vscode');

async function joinInto(outfile, { chunks, loaded, outputs, absWorkingDir, banner, ...options }) {
  const named = (chunk, write) => outputs[chunk].exports.map(write).join();
  const nameIn = (chunk) => (name) => `${name}_${chunks.indexOf(chunk)}`;
  const lines = chunks.map((chunk) => {
    const names = named(chunk, (name) => `${name} as ${nameIn(chunk)(name)}`);
    return `export{${names}}from"./${path.basename(chunk)}";`;
  });
  const { metafile } = await esbuild.build({
    ...options,
    absWorkingDir,
    banner,
    splitting: false,
    stdin: { contents: lines.join('\n'), resolveDir: path.join(absWorkingDir, path.dirname(outfile)) },
    outfile,
    external: ['vscode'],
    plugins: [onlyChunks(new Set(loaded.map((chunk) => path.basename(chunk))), banner.js)],
  });
  for (const chunk of chunks) {
    const names = named(chunk, (name) => `${nameIn(chunk)(name)} as ${name}`);
    fs.writeFileSync(path.join(absWorkingDir, chunk), `export{${names}}from"./${path.basename(outfile)}";\n`);
  }
  return Object.keys(metafile.outputs)[0];
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
