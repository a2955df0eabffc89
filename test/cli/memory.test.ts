import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { delta, pour, sse, stop, usage } from '../contract/models/servers/serve.ts';
import { createWorkspace, llmops, promptText, type Workspace } from './cli.ts';

/** Prints the peak memory of the process, in KB; a child's `ru_maxrss` starts with its parent's. */
const NOTE_PEAK = `import { readFileSync, writeFileSync } from 'node:fs';
process.on('exit', () => {
  const peak = /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  writeFileSync(process.env.PEAK_FILE, String(peak));
});`;

const PIECES: Record<string, string> = { small: 'abcdefghijklmno ', large: 'x'.repeat(2_000) };
/** What a column stores, in MB. */
const KEPT = 16;

/** For the engine and the database besides the text, in MB: 40 to 60 were measured. */
const ROOM = 90;

let server: Server;
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    response.on('error', () => undefined);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const piece = PIECES[request.url?.split('/')[1] ?? ''];
    if (piece)
      pour(Buffer.from(sse(delta({ content: piece })).repeat(Math.ceil(65_536 / (piece.length + 200)))), response);
    else
      response.end(
        sse(delta({ content: 'Hello' }), stop(), usage({ prompt_tokens: 5, completion_tokens: 1 }), '[DONE]'),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

function prepare(workspace: Workspace): string {
  const { port } = server.address() as AddressInfo;
  const connections = ['short', ...Object.keys(PIECES)].map(
    (id) => `${id}:\n  type: openai-compatible\n  baseUrl: http://127.0.0.1:${port}/${id}/v1\n`,
  );
  writeFileSync(path.join(workspace.folder, 'llmops/connections.yaml'), connections.join(''));
  writeFileSync(path.join(workspace.folder, 'peak.mjs'), NOTE_PEAK);
  return workspace.write('a.prompt', promptText({}));
}

/** The peak memory of a command, in MB. */
async function peakOf(args: string[]): Promise<{ peak: number; stdout: string; code: number | null }> {
  using workspace = createWorkspace();
  const prompt = prepare(workspace);
  const file = path.join(workspace.folder, 'peak');
  const { stdout, code } = await llmops(['run', prompt, ...args], {
    cwd: workspace.folder,
    env: { PEAK_FILE: file },
    nodeArgs: ['--import', path.join(workspace.folder, 'peak.mjs')],
  });
  return { peak: Number(readFileSync(file, 'utf8')) / 1024, stdout, code };
}

describe.runIf(process.platform === 'linux')('the memory of a run', () => {
  it.each([
    ['pages at a time', ['large'], []],
    ['sixteen letters at a time', ['small'], []],
    ['as JSON', ['large'], ['--json']],
    ['in two columns', ['large', 'small'], []],
  ])('with endless answers is limited by their text: %s', { timeout: 240_000 }, async (_, kinds, flags) => {
    const short = await peakOf(['--model', 'short/m']);
    expect(short.code).toBe(0);
    const { peak, stdout, code } = await peakOf([...kinds.flatMap((kind) => ['--model', `${kind}/m`]), ...flags]);

    expect(code).toBe(3);
    // Everything that was kept is printed.
    expect(stdout.length / 1024 / 1024).toBeGreaterThan(KEPT * kinds.length - 0.01);
    expect(peak).toBeLessThan(short.peak + 3 * KEPT * kinds.length + ROOM);
  });
});
