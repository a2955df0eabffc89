import { appendFileSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import Mocha from 'mocha';

/**
 * VS Code calls this with the extension loaded. The extension host's console belongs to VS Code, so the report goes to
 * the file the runner names in VSCODE_TEST_OUT, and the counts to VSCODE_TEST_COUNTS; without them, to the console.
 */
export async function run(): Promise<void> {
  const { VSCODE_TEST_OUT: report, VSCODE_TEST_COUNTS: counts, VSCODE_TEST_GREP: grep } = process.env;
  if (report) Mocha.reporters.Base.consoleLog = (...args: unknown[]) => appendFileSync(report, `${format(...args)}\n`);
  const mocha = new Mocha({ ui: 'bdd', timeout: 20_000, color: false, failZero: true, ...(grep && { grep }) });
  const files = await readdir(new URL('.', import.meta.url), { recursive: true });
  for (const file of files.filter((name) => name.endsWith('.test.js')).sort()) {
    mocha.addFile(fileURLToPath(new URL(file, import.meta.url)));
  }
  await mocha.loadFilesAsync();
  const runner = await new Promise<Mocha.Runner>((resolve) => {
    const started = mocha.run(() => resolve(started));
  });
  const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
  if (counts) writeFileSync(counts, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
  if (failures) throw new Error(`${failures} test(s) failed`); // a rejection becomes exit code 1
}
