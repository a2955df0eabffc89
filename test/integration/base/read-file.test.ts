import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRegularFile, realPathWithin, requirePlaceWithin } from '../../../src/core/base/files/read-file.ts';

let base: string;
let work: string;
const inWork = (name: string) => path.join(work, name);
const read = async (name: string) => (await readRegularFile(inWork(name), { within: [work] })).toString('utf8');

beforeAll(() => {
  base = realpathSync(mkdtempSync(path.join(tmpdir(), 'read-file-')));
  work = path.join(base, 'work');
  mkdirSync(inWork('sub'), { recursive: true });
  mkdirSync(path.join(base, 'work-2'));
  mkdirSync(path.join(base, 'outside'));
  writeFileSync(path.join(base, 'outside/secret'), 'password: hunter2');
  writeFileSync(path.join(base, 'work-2/secret'), 'password: hunter2');
  writeFileSync(inWork('own'), 'own text');
  writeFileSync(inWork('empty'), '');
  writeFileSync(inWork('..named'), 'odd name');
  symlinkSync('../own', inWork('sub/link-inside'));
  symlinkSync('sub/link-inside', inWork('chain-inside'));
  symlinkSync('../outside/secret', inWork('link-outside'));
  symlinkSync(path.join(base, 'outside/secret'), inWork('link-absolute'));
  symlinkSync('../work-2/secret', inWork('link-sibling'));
  symlinkSync('link-outside', inWork('sub-chain'));
  symlinkSync('sub-chain', inWork('chain-outside'));
  symlinkSync('../outside', inWork('folder-outside'));
  symlinkSync('sub', inWork('folder-inside'));
  symlinkSync('loop-b', inWork('loop-a'));
  symlinkSync('loop-a', inWork('loop-b'));
  symlinkSync('gone', inWork('dangling'));
  symlinkSync('/proc/self/environ', inWork('environment'));
  symlinkSync('/dev/zero', inWork('endless'));
  symlinkSync('work', path.join(base, 'alias'));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('a file that a repository refers to', () => {
  it('is read if links stay inside the workspace', async () => {
    expect(await read('own')).toBe('own text');
    expect(await read('empty')).toBe('');
    expect(await read('..named')).toBe('odd name');
    expect(await read('sub/link-inside')).toBe('own text');
    expect(await read('chain-inside')).toBe('own text');
    expect(await read('folder-inside/link-inside')).toBe('own text');
  });

  it('is read in a workspace that was opened through a link', async () => {
    const alias = path.join(base, 'alias');
    expect(String(await readRegularFile(path.join(alias, 'own'), { within: [alias] }))).toBe('own text');
    expect(await realPathWithin(path.join(alias, 'chain-inside'), [alias])).toBe(inWork('own'));
    await expect(readRegularFile(path.join(alias, 'link-outside'), { within: [alias] })).rejects.toMatchObject({
      code: 'outside-workspace',
    });
  });

  it.each([
    ['link-outside', 'outside/secret'],
    ['link-absolute', 'outside/secret'],
    ['link-sibling', 'work-2/secret'],
    ['chain-outside', 'outside/secret'],
    ['folder-outside/secret', 'outside/secret'],
  ])('is rejected if %s leads outside, with the target in the message', async (name, target) => {
    await expect(read(name)).rejects.toMatchObject({
      code: 'outside-workspace',
      reason: 'outside',
      target: path.join(base, target),
      message: `${inWork(name)} is a link to ${path.join(base, target)}, outside the workspace ${work}.`,
    });
    await expect(realPathWithin(inWork(name), [work])).rejects.toMatchObject({ code: 'outside-workspace' });
  });

  it('is rejected if its path leads outside without a link', async () => {
    await expect(read('../outside/secret')).rejects.toMatchObject({
      code: 'outside-workspace',
      target: undefined,
      message: `${path.join(base, 'outside/secret')} is outside the workspace ${work}.`,
    });
    await expect(readRegularFile('//server/share/secret', { within: [work] })).rejects.toMatchObject({
      code: 'outside-workspace',
    });
  });

  it('is rejected if it exposes the system, such as the environment with its keys', async () => {
    await expect(read('environment')).rejects.toMatchObject({ reason: 'outside' });
    await expect(read('endless')).rejects.toMatchObject({ reason: 'outside' });
  });

  it('is rejected if links form a loop', async () => {
    await expect(read('loop-a')).rejects.toMatchObject({ code: 'unreadable-file', reason: 'link-loop' });
    await expect(readRegularFile(inWork('loop-a'))).rejects.toMatchObject({ reason: 'link-loop' });
  });

  it('reports a missing file and a folder with Node’s codes', async () => {
    await expect(read('nothing')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(read('dangling')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(read('sub')).rejects.toMatchObject({ code: 'EISDIR' });
  });
});

describe('a file to be written', () => {
  it('may exist or not, in folders that exist or not', async () => {
    for (const name of ['own', 'new', 'a/b/new', 'chain-inside', 'folder-inside/new']) {
      await requirePlaceWithin(inWork(name), [work]);
    }
    await requirePlaceWithin(path.join(base, 'alias/a/new'), [path.join(base, 'alias')]);
  });

  it.each([
    ['link-outside', 'outside'],
    ['chain-outside', 'outside'],
    ['folder-outside/new', 'outside'],
    ['folder-outside/a/b/new', 'outside'],
    ['../new', 'outside'],
    ['dangling', 'dangling'],
    ['loop-a', 'link-loop'],
    ['loop-a/new', 'link-loop'],
  ])('is rejected at %s: %s', async (name, reason) => {
    await expect(requirePlaceWithin(inWork(name), [work])).rejects.toMatchObject({ reason });
  });
});

describe('any file', () => {
  it('may be anywhere if the user named it', async () => {
    expect(String(await readRegularFile(inWork('link-outside')))).toBe('password: hunter2');
  });

  it.skipIf(process.platform === 'win32')('is refused at once where it is a pipe, a socket or a device', async () => {
    execFileSync('mkfifo', [inWork('pipe')]);
    const server = createServer().listen(inWork('socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      for (const file of [inWork('pipe'), inWork('socket'), '/dev/zero', inWork('endless')]) {
        await expect(readRegularFile(file), file).rejects.toMatchObject({
          code: 'unreadable-file',
          reason: 'not-regular',
          message: `${file} is not a regular file but a pipe, a socket or a device.`,
        });
      }
      await expect(read('pipe')).rejects.toMatchObject({ reason: 'not-regular' });
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('is read up to the limit and rejected above it, with both sizes', async () => {
    writeFileSync(inWork('large'), Buffer.alloc(2 * 1024 * 1024, 'a'));
    const limit = 2 * 1024 * 1024;
    expect((await readRegularFile(inWork('large'), { maxBytes: limit })).length).toBe(limit);
    await expect(readRegularFile(inWork('large'), { maxBytes: limit - 1 })).rejects.toMatchObject({
      code: 'unreadable-file',
      reason: 'too-large',
      bytes: limit,
      message: expect.stringContaining('its size is 2 MB'),
    });
  });

  it.skipIf(process.platform !== 'linux')('is counted while it is read if it has no size, as under /proc', async () => {
    expect((await readRegularFile('/proc/self/status')).toString()).toContain('Pid:');
    await expect(readRegularFile('/proc/self/status', { maxBytes: 100 })).rejects.toMatchObject({
      reason: 'too-large',
    });
  });
});
