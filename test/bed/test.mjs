// npm test: from a fresh clone to `N passed, N failed` for all suites.
//   npm test -- unit host   only the named suites
import { fileURLToPath } from 'node:url';
import { createSteps, ensureInstalled, underProjectNode } from './toolchain.mjs';

/** The rest of VS Code's server may be missing on a machine that cannot run it: then only its suites are skipped. */
async function installServer() {
  try {
    await ensureInstalled();
    return undefined;
  } catch (error) {
    return error.message;
  }
}

/** Resolves to the problem of the build, if any. */
async function build() {
  const { ensureBuilt } = await import('./build.mjs');
  const steps = createSteps();
  steps.next('Building');
  try {
    await ensureBuilt();
    steps.end();
    return undefined;
  } catch (error) {
    return error.message;
  }
}

async function main() {
  await ensureInstalled({ server: false });
  const problem = await installServer();
  await underProjectNode(fileURLToPath(import.meta.url));
  const { chooseSuites, explainMissing, runSuites } = await import('./suites.mjs');

  const chosen = chooseSuites(process.argv.slice(2));
  const buildProblem = chosen.some((suite) => suite.needsBuild) ? await build() : undefined;
  const missing = chosen.some((suite) => suite.needsVscode) ? await explainMissing(problem) : undefined;
  const { passed, failed } = await runSuites(chosen, { missing, buildProblem });
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

try {
  process.exit(await main());
} catch (error) {
  console.error(`\n${error.message ?? error}`);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
