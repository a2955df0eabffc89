#!/usr/bin/env node
// Runs the host suite inside the real (remote, Node) extension host and exits with its result.
//   node test/bed/run-in-vscode.mjs [--extensionTestsPath=…] [--extensionDevelopmentPath=…] [workspace folder]
// Accepts VS Code's own flags and ignores the others, so that @vscode/test-electron can use it as its executable.
import fs from 'node:fs';
import path from 'node:path';
import { format, parseArgs } from 'node:util';
import {
  hostExtensions,
  launchBrowser,
  linkExtension,
  removeScratch,
  root,
  scratch,
  startServer,
  workbenchUrl,
} from './vscode-host.mjs';

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    extensionTestsPath: { type: 'string', default: path.join(root, 'dist/test-host/run.js') },
    extensionDevelopmentPath: { type: 'string', multiple: true, default: hostExtensions },
    counts: { type: 'string' },
  },
});
const timeoutMs = Number(process.env.TEST_TIMEOUT_MS ?? 300_000);

/** Resolves to the exit code that the suite passed to VS Code. */
async function runSuite(page, url) {
  const errors = [];
  await page.exposeFunction('codeAutomationLog', (type, args) => {
    if (type === 'error') errors.push(format(...args));
    if (process.env.VERBOSE) console.error(`[${type}]`, format(...args));
  });
  const finished = new Promise((resolve, reject) => {
    const late = () =>
      reject(new Error(`The host suite did not finish within ${timeoutMs} ms.\n${errors.slice(-5).join('\n')}`));
    setTimeout(late, timeoutMs).unref();
    page.once('crash', () => reject(new Error('The page crashed.')));
    page.exposeFunction('codeAutomationExit', resolve).catch(reject);
  });
  await page.goto(url);
  return { code: await finished, errors };
}

/** Prints the suite's report while it is written. */
function follow(file) {
  let shown = 0;
  const show = () => {
    const text = fs.readFileSync(file, 'utf8');
    process.stdout.write(text.slice(shown));
    shown = text.length;
  };
  const timer = setInterval(show, 200);
  return () => {
    clearInterval(timer);
    show();
    return shown;
  };
}

const dir = scratch();
const [extension = root, ...others] = values.extensionDevelopmentPath;
for (const folder of others) linkExtension(dir, path.resolve(folder)); // in the browser only one can be in development
const workspace = path.join(dir, 'workspace');
const given = positionals.find((name) => fs.existsSync(name) && fs.statSync(name).isDirectory());
fs.cpSync(given ?? path.join(root, 'media/sample-workspace'), workspace, { recursive: true }); // tests may write to it
const report = path.join(dir, 'report.txt');
fs.writeFileSync(report, '');
const showRest = follow(report);

let code = 1;
let server;
let browser;
try {
  const env = { VSCODE_TEST_OUT: report, ...(values.counts && { VSCODE_TEST_COUNTS: path.resolve(values.counts) }) };
  server = await startServer(dir, { driver: true, env });
  browser = await launchBrowser();
  const payload = {
    extensionDevelopmentPath: path.resolve(extension),
    extensionTestsPath: path.resolve(values.extensionTestsPath),
  };
  const result = await runSuite(await browser.newPage(), workbenchUrl(server.port, { folder: workspace, payload }));
  code = result.code;
  if (!showRest() && code)
    console.error(`The suite did not start. Last errors:\n${result.errors.slice(-5).join('\n')}`);
} catch (error) {
  showRest();
  console.error(error.message ?? error);
  if (server) console.error(server.log());
} finally {
  await browser?.close();
  await server?.stop();
  removeScratch(dir);
}
process.exit(code);
