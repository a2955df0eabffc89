import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isForThisMachine, runNpm } from '../../bed/install-progress.mjs';

const NAMES = ['alder', 'birch', 'cedar'];
let folder: string;
let registry: Server;
/** Releases the responses for all packages except the first. */
let release: () => void;

/** A package of one file, as a registry sends it. */
function pack(name: string): Buffer {
  const body = Buffer.from(JSON.stringify({ name, version: '1.0.0' }));
  const header = Buffer.alloc(512);
  const put = (text: string, at: number) => header.write(text, at, 'latin1');
  put('package/package.json', 0);
  put('0000644\0', 100);
  put('0000000\0', 108);
  put('0000000\0', 116);
  put(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
  put('00000000000\0', 136);
  put(' '.repeat(8), 148);
  put('0', 156);
  put('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc(512 - (body.length % 512) + 1024);
  return gzipSync(Buffer.concat([header, body, padding]));
}

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'llmops-install-'));
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  registry = createServer(async (request, response) => {
    const name = /^\/(\w+)\.tgz$/.exec(request.url ?? '')?.[1] ?? '';
    if (!NAMES.includes(name)) return void response.writeHead(404).end('{}');
    if (name !== NAMES[0]) await held;
    response.end(pack(name));
  });
  await new Promise<void>((ready) => registry.listen(0, '127.0.0.1', ready));
  const { port } = registry.address() as AddressInfo;
  const dependencies = Object.fromEntries(NAMES.map((name) => [name, '1.0.0']));
  const own = { name: 'own', version: '1.0.0', dependencies };
  const places = NAMES.map((name) => [
    `node_modules/${name}`,
    {
      version: '1.0.0',
      resolved: `http://127.0.0.1:${port}/${name}.tgz`,
      integrity: `sha512-${createHash('sha512').update(pack(name)).digest('base64')}`,
    },
  ]);
  const write = (name: string, data: unknown) => fs.writeFileSync(path.join(folder, name), JSON.stringify(data));
  write('package.json', own);
  write('package-lock.json', { ...own, lockfileVersion: 3, packages: { '': own, ...Object.fromEntries(places) } });
});
afterEach(() => {
  release();
  registry.closeAllConnections();
  registry.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Installs with a separate cache; resolves to all output. */
async function install(terminal: boolean, onWrite: (shown: string) => void = () => {}): Promise<string> {
  let shown = '';
  const out = {
    isTTY: terminal,
    columns: 80,
    write(text: string) {
      shown += text;
      onWrite(shown);
    },
  };
  const { CI: _ci, ...rest } = process.env;
  const env = { ...rest, TERM: 'xterm', npm_config_cache: path.join(folder, 'cache') };
  await runNpm(['install', '--no-save'], { cwd: folder, env, out, everyMs: 50 });
  return shown;
}

describe('npm’s progress, which npm itself does not report', () => {
  it('appends lines to a log with the time and the number of packages, and rewrites none', async () => {
    const shown = await install(false, (text) => {
      if (/1 of 3 packages/.test(text)) release();
    });
    const lines = shown.split('\n').filter((line) => /\d+ s, /.test(line));
    expect(lines[0]).toMatch(/^ {2}0 s, /);
    expect(shown).toMatch(/^ {2}\d+ s, 1 of 3 packages$/m);
    expect(shown).not.toMatch(/[\r\u001b]/);
    expect(fs.existsSync(path.join(folder, 'node_modules/cedar/package.json'))).toBe(true);
  });

  it('stays on one line of a terminal, and clears it', async () => {
    const shown = await install(true, (text) => {
      if (/1 of 3 packages/.test(text)) release();
    });
    expect(shown).toContain('\r\u001b[2K  0 s, ');
    expect(shown).not.toMatch(/packages\n/);
    expect(shown.endsWith('\r\u001b[2K')).toBe(true);
  });

  it('shows npm’s output if it fails, and what to do', async () => {
    release();
    registry.removeAllListeners('request');
    registry.on('request', (_request, response) => response.writeHead(403).end('no'));
    let shown = '';
    const out = {
      write(text: string) {
        shown += text;
      },
    };
    const env = { ...process.env, npm_config_cache: path.join(folder, 'cache'), npm_config_fetch_retries: '0' };
    await expect(runNpm(['install', '--no-save'], { cwd: folder, env, out })).rejects.toThrow(
      /^npm install --no-save failed in .*See its output above; fix the cause and run this command again/,
    );
    expect(shown).toContain('403');
  });

  it('counts only packages for this machine', () => {
    expect(isForThisMachine({})).toBe(true);
    expect(isForThisMachine({ os: [process.platform], cpu: [process.arch] })).toBe(true);
    expect(isForThisMachine({ os: ['aix'] })).toBe(false);
    expect(isForThisMachine({ os: process.platform, cpu: 'mips' })).toBe(false);
    expect(isForThisMachine({ os: [`!${process.platform}`] })).toBe(false);
    expect(isForThisMachine({ os: ['!aix'] })).toBe(true);
  });
});
