// Finds a Chromium: $CHROMIUM, the one installed by npm (linux-x64), or an installed Chrome or Edge.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { root, run } from './toolchain.mjs';

const unpacked = path.join(root, 'node_modules/.cache/llmops-chromium');
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Playwright hides scroll bars, which take up space and cover text in a real window. */
const ignoreDefaultArgs = ['--hide-scrollbars'];

let unpacking;

/** Two workers of one process ask for it at the same time. */
const unpackOnce = () => (unpacking ??= unpackChromium());

/** Unpacks the packed browser: into a temporary folder that is moved into place, so that two runs cannot collide. */
async function unpackChromium() {
  const binary = path.join(unpacked, 'chromium');
  if (fs.existsSync(binary)) return binary;
  const partial = `${unpacked}-${process.pid}`;
  fs.mkdirSync(partial, { recursive: true });
  const script = "await (await import('@sparticuz/chromium')).default.executablePath()";
  // unpacks into the temporary folder, and includes the libraries that a bare machine lacks only for this Lambda
  const env = { ...process.env, TMPDIR: partial, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' };
  const code = await run(process.execPath, ['--input-type=module', '-e', script], { env });
  if (code !== 0) throw new Error('Unpacking the Chromium of @sparticuz/chromium failed.');
  try {
    fs.renameSync(partial, unpacked);
  } catch (error) {
    fs.rmSync(partial, { recursive: true, force: true });
    if (!fs.existsSync(binary)) throw error;
  }
  return binary;
}

/**
 * The fonts of VS Code on Ubuntu, as far as npm has them, so that pictures look alike on every machine: without them
 * they show a bare machine's fallback fonts. Glyphs that neither has come from the machine's own fonts.
 */
function fontSettings() {
  const fonts = ['@expo-google-fonts/ubuntu', 'dejavu-fonts-ttf/ttf'].map((name) =>
    path.join(root, 'node_modules', name),
  );
  const prefer = (generic, family) =>
    `<match target="pattern"><test name="family"><string>${generic}</string></test>` +
    `<edit name="family" mode="prepend" binding="strong"><string>${family}</string></edit></match>`;
  const file = path.join(root, 'node_modules/.cache/llmops-fonts/fonts.conf');
  const text = `<?xml version="1.0"?>
<fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
${[...fonts, path.join(unpacked, 'fonts')].map((folder) => `<dir>${folder}</dir>`).join('\n')}
<cachedir>${path.join(path.dirname(file), 'cache')}</cachedir>
${prefer('system-ui', 'Ubuntu')}
${prefer('sans-serif', 'Ubuntu')}
${prefer('monospace', 'DejaVu Sans Mono')}
</fontconfig>
`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) fs.writeFileSync(file, text);
  return file;
}

/** The libraries that the packed browser needs on a machine without NSS or fonts. */
function packedEnvironment(binary) {
  const env = { ...process.env, FONTCONFIG_FILE: fontSettings() };
  if (spawnSync('ldd', [binary], { encoding: 'utf8' }).stdout?.includes('not found')) {
    env.LD_LIBRARY_PATH = [path.join(unpacked, 'al2023/lib'), env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  }
  return env;
}

/** The options for Playwright; throws an error that explains what to do if there is no browser. */
async function chooseBrowser() {
  if (process.env.CHROMIUM) return { executablePath: process.env.CHROMIUM, args, ignoreDefaultArgs };
  if (process.platform === 'linux' && process.arch === 'x64') {
    const executablePath = await unpackOnce();
    return { executablePath, args, ignoreDefaultArgs, env: packedEnvironment(executablePath) };
  }
  for (const channel of ['chrome', 'msedge']) {
    try {
      await (await chromium.launch({ channel, args, ignoreDefaultArgs })).close();
      return { channel, args, ignoreDefaultArgs };
    } catch {
      // not installed: try the next one
    }
  }
  throw new Error('No browser found: install Chrome or Edge, or set CHROMIUM to the path of any Chromium.');
}

/** Starts a headless Chromium. */
export async function launchBrowser() {
  return chromium.launch(await chooseBrowser());
}

/** The same for several processes, which connect to its `wsEndpoint()`. */
export async function launchSharedBrowser() {
  return chromium.launchServer({ ...(await chooseBrowser()), host: '127.0.0.1' });
}
