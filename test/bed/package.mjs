// npm run package: the .vsix with the files that .vscodeignore allows, and its size.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, nodePath, root, run, underProjectNode } from './toolchain.mjs';

const limits = { extensionKb: 150, packageMb: 5 };

/** Builds and packages; resolves to the path of the package. */
export async function packageExtension(out) {
  const { ensureBuilt } = await import('./build.mjs');
  await ensureBuilt();
  const { name, version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  const vsix = out ?? path.join(root, `${name}-${version}.vsix`);
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  // everything is bundled, including the pictures of the README
  const flags = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  const code = await run(nodePath(), [vsce, 'package', ...flags, '--out', vsix]);
  if (code !== 0) throw new Error('Packaging failed. See the output of vsce above.');
  return vsix;
}

function printSize(title, size, limit, unit) {
  const divisor = unit === 'MB' ? 1024 * 1024 : 1024;
  const value = size / divisor;
  console.log(`${title.padEnd(20)}${value.toFixed(1)} ${unit} (at most ${limit})${value > limit ? ' TOO LARGE' : ''}`);
  return value <= limit;
}

async function main() {
  await ensureInstalled({ server: false });
  await underProjectNode(fileURLToPath(import.meta.url));
  const vsix = await packageExtension(process.argv[2] && path.resolve(process.argv[2]));
  const small = [
    printSize('dist/extension.js', fs.statSync(path.join(root, 'dist/extension.js')).size, limits.extensionKb, 'KB'),
    printSize(path.basename(vsix), fs.statSync(vsix).size, limits.packageMb, 'MB'),
  ];
  return small.every(Boolean) ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exit(await main());
  } catch (error) {
    console.error(`\n${error.message ?? error}`);
    process.exit(1);
  }
}
