// Finds a Chromium: $CHROMIUM, the one npm brought (linux-x64), or an installed Chrome or Edge.
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

/** Unpacks the packed browser once: into a folder of its own, moved into place whole, so that two runs cannot meet in it. */
async function unpackChromium() {
  const binary = path.join(unpacked, 'chromium');
  if (fs.existsSync(binary)) return binary;
  const partial = `${unpacked}-${process.pid}`;
  fs.mkdirSync(partial, { recursive: true });
  const script = "await (await import('@sparticuz/chromium')).default.executablePath()";
  // the package unpacks into the temporary folder, and the libraries a bare machine lacks only for this Lambda
  const env = { ...process.env, TMPDIR: partial, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' };
  const code = await run(process.execPath, ['--input-type=module', '-e', script], { env });
  if (code !== 0) throw new Error('Unpacking the Chromium of @sparticuz/chromium failed.');
  const fonts = path.join(unpacked, 'fonts');
  fs.writeFileSync(
    path.join(partial, 'fonts/fonts.conf'),
    `<?xml version="1.0"?><fontconfig><dir>${fonts}</dir><cachedir>${fonts}/cache</cachedir></fontconfig>`,
  );
  try {
    fs.renameSync(partial, unpacked);
  } catch (error) {
    fs.rmSync(partial, { recursive: true, force: true });
    if (!fs.existsSync(binary)) throw error;
  }
  return binary;
}

/** What the packed browser needs of a machine without NSS, without fonts. */
function packedEnvironment(binary) {
  const env = { ...process.env };
  if (spawnSync('ldd', [binary], { encoding: 'utf8' }).stdout?.includes('not found')) {
    env.LD_LIBRARY_PATH = [path.join(unpacked, 'al2023/lib'), env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  }
  if (!fs.existsSync('/etc/fonts/fonts.conf')) env.FONTCONFIG_FILE = path.join(unpacked, 'fonts/fonts.conf');
  return env;
}

/** What to pass to Playwright; throws a sentence that says what to do where there is no browser. */
async function chooseBrowser() {
  if (process.env.CHROMIUM) return { executablePath: process.env.CHROMIUM, args };
  if (process.platform === 'linux' && process.arch === 'x64') {
    const executablePath = await unpackChromium();
    return { executablePath, args, env: packedEnvironment(executablePath) };
  }
  for (const channel of ['chrome', 'msedge']) {
    try {
      await (await chromium.launch({ channel, args })).close();
      return { channel, args };
    } catch {
      // not installed: the next one may be
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
