// The suites of `npm test`. Their counts come from the report of each runner, never from its text.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launchBrowser } from './browser.mjs';
import { nodePath, root, run } from './toolchain.mjs';

const one = (code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 });

const tool = (name) => path.join(root, 'node_modules', name);

/** A check that passes or fails as a whole. */
const check = (script, args) => async () => one(await run(nodePath(), [tool(script), ...args]));

async function checkTypes() {
  let failed = 0;
  for (const project of ['tsconfig.json', 'webview/tsconfig.json']) {
    failed += (await run(nodePath(), [tool('typescript/bin/tsc'), '-p', project])) === 0 ? 0 : 1;
  }
  return { passed: 2 - failed, failed };
}

function readReport(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Each failed test of a report with the first lines of its error, and each file that did not load or set up. */
function listFailures({ testResults }) {
  return testResults.flatMap((file) => {
    const name = path.relative(root, file.name);
    const failed = file.assertionResults.filter(({ status }) => status === 'failed');
    if (file.status === 'failed' && failed.length === 0) return [`${name}\n    ${firstLines(file.message)}`];
    return failed.map((test) => `${name} > ${test.fullName}\n    ${firstLines(test.failureMessages.join('\n'))}`);
  });
}

const firstLines = (text) => text.split('\n').slice(0, 10).join('\n    ');

/** A file that does not load has no tests but is a failure; so is an error outside a test. */
function countVitest(report, code) {
  if (!report) return { passed: 0, failed: 1, note: 'the runner exited without a report' };
  const failures = listFailures(report);
  const failed = failures.length;
  const counts = { passed: report.numPassedTests, skipped: report.numPendingTests + report.numTodoTests, failures };
  if (code !== 0 && failed === 0) return { ...counts, failed: 1, note: `the runner exited with code ${code}` };
  return { ...counts, failed };
}

const vitest =
  (project, options = []) =>
  async (folder, filters) => {
    const file = path.join(folder, `${project}.json`);
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const code = await run(nodePath(), [
      // for tests in threads of this process; vitest.config.ts has it for the others, and the reason
      '--no-memory-protection-keys',
      tool('vitest/vitest.mjs'),
      'run',
      `--project=${project}`,
      ...options,
      ...filters,
      ...reporters,
    ]);
    return countVitest(readReport(file), code);
  };

async function runHost(folder) {
  const file = path.join(folder, 'host.json');
  const code = await run(nodePath(), ['test/bed/run-in-vscode.mjs', `--counts=${file}`]);
  const counts = readReport(file) ?? { passed: 0, failed: 1, note: 'the runner exited without a report' };
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** Vitest leaves one processor free, which on a small machine is half of them. */
const allProcessors = ['--maxWorkers=100%'];

/** `needsVscode`: cannot run without the server and a browser. `needsBuild`: cannot run without dist/. */
const suites = [
  { name: 'lint', title: 'Lint', run: check('@biomejs/biome/bin/biome', ['check', '--error-on-warnings']) },
  { name: 'types', title: 'Types', run: checkTypes },
  { name: 'unit', title: 'Unit tests', run: vitest('unit', allProcessors) },
  { name: 'integration', title: 'Integration tests', run: vitest('integration', allProcessors) },
  { name: 'contract', title: 'Contract tests', run: vitest('contract', allProcessors) },
  { name: 'cli', title: 'Command line', run: vitest('cli', allProcessors), needsBuild: true },
  { name: 'host', title: 'Inside VS Code', run: runHost, needsBuild: true, needsVscode: true },
  { name: 'ui', title: 'The workbench in a browser', run: vitest('ui'), needsBuild: true, needsVscode: true },
  { name: 'vsix', title: 'The package', run: vitest('vsix'), needsBuild: true, needsVscode: true },
];

/** The suite of a path such as `test/unit/runs`. */
function suiteOf(file) {
  if (file.includes('packaged.test')) return 'vsix';
  return /^(?:\.\/)?test\/(\w+)/.exec(file)?.[1] ?? file;
}

/** All suites, or the named ones, or those of the named files; throws for an unknown name. */
export function chooseSuites(args) {
  const names = args.map(suiteOf);
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    throw new Error(`Unknown suite: ${unknown.join(', ')}. Available: ${suites.map(({ name }) => name).join(', ')}.`);
  }
  const filtersOf = ({ name }) => args.filter((arg) => arg !== name && suiteOf(arg) === name);
  const chosen = names.length === 0 ? suites : suites.filter(({ name }) => names.includes(name));
  return chosen.map((suite) => ({ ...suite, filters: filtersOf(suite) }));
}

/** Returns why VS Code cannot run here, if so. */
export async function explainMissing(serverProblem) {
  if (serverProblem) return serverProblem;
  if (!fs.existsSync(tool('code-server/out/node/entry.js')))
    return 'VS Code (the package code-server) is not installed.';
  try {
    await (await launchBrowser()).close();
    return undefined;
  } catch (error) {
    return error.message.split('\n')[0];
  }
}

async function runSuite(suite, { folder, missing, buildProblem }) {
  if (suite.needsBuild && buildProblem) return { passed: 0, failed: 1, note: 'no build to test' };
  if (suite.needsVscode && missing) {
    return process.env.CI
      ? { passed: 0, failed: 1, note: missing }
      : { passed: 0, failed: 0, note: `skipped: ${missing}` };
  }
  try {
    const counts = await suite.run(folder, suite.filters);
    if (counts.passed + counts.failed > 0) return counts;
    return { ...counts, failed: 1, note: 'no test ran' };
  } catch (error) {
    return { passed: 0, failed: 1, note: error.message };
  }
}

function describe({ title, seconds, passed, failed, skipped, note }) {
  const skips = skipped ? `, ${skipped} skipped` : '';
  return `${title.padEnd(28)}${passed} passed, ${failed} failed${skips} (${seconds} s)${note ? `: ${note}` : ''}`;
}

/** Runs one suite after another, reports each, and resolves to the totals. */
export async function runSuites(chosen, circumstances) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'llmops-test-'));
  const lines = [];
  const failures = [];
  const sum = { passed: 0, failed: 0 };
  for (const suite of chosen) {
    console.log(`\n━━ ${suite.title} (${suite.name})`);
    const began = performance.now();
    const result = await runSuite(suite, { folder, ...circumstances });
    sum.passed += result.passed;
    sum.failed += result.failed;
    lines.push(describe({ ...result, title: suite.title, seconds: Math.round((performance.now() - began) / 1000) }));
    failures.push(...(result.failures ?? []));
    if (result.note) console.log(result.note);
  }
  fs.rmSync(folder, { recursive: true, force: true });
  // again, where the end of a long log has them
  if (failures.length > 0) console.log(`\nFailed:\n${failures.map((failure) => `✗ ${failure}`).join('\n')}`);
  console.log(`\n${lines.join('\n')}\n`);
  return sum;
}
