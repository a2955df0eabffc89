import path from 'node:path';
import { pathToFileURL } from 'node:url';

const NAMESPACE = 'lazy-cjs';

/**
 * With code splitting, esbuild's `await import('cjs-package')` has only a `default`, where Node also provides the names, so
 * code that runs from source would break in the bundle. This gives such an import a module with the names that Node
 * finds, and does not change packages with a real ES module.
 */
export function lazyCjsImports() {
  return {
    name: 'lazy-cjs-imports',
    setup(build) {
      build.onResolve({ filter: /^[^.]/ }, async (args) => {
        const { kind, pluginData } = args;
        if (kind !== 'dynamic-import' || pluginData === NAMESPACE || path.isAbsolute(args.path)) return undefined;
        const { importer, resolveDir } = args;
        const found = await build.resolve(args.path, { kind, importer, resolveDir, pluginData: NAMESPACE });
        if (found.errors.length || found.external || found.namespace !== 'file') return found;
        if (!(await isCommonJs(found.path))) return found;
        return { path: found.path, namespace: NAMESPACE };
      });
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, async ({ path: file }) => {
        const names = Object.keys(await import(pathToFileURL(file).href)).filter((name) =>
          /^[A-Za-z_$][\w$]*$/.test(name),
        );
        const lines = names
          .filter((name) => name !== 'default' && name !== 'module')
          .map((name) => `export const ${name} = all.${name};`);
        const source = JSON.stringify(file);
        return {
          contents: `import * as all from ${source};\n${lines.join('\n')}\nexport default all.default;`,
          resolveDir: path.dirname(file),
        };
      });
    },
  };
}

/** Node's own rule, as observed by importing: a CommonJS module's `default` is its exports. */
async function isCommonJs(file) {
  if (file.endsWith('.cjs')) return true;
  if (!file.endsWith('.js')) return false;
  const { createRequire, findPackageJSON } = await import('node:module');
  const manifest = findPackageJSON(pathToFileURL(file));
  return manifest === undefined || createRequire(file)(manifest).type !== 'module';
}
