import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkspace, llmops, promptText, type Workspace } from './cli.ts';
import { createRepository } from './repository.ts';

const SECRET = 'the-value-that-must-not-be-shown';
const MODEL = 'demo/swift';

let outside: Workspace;
let workspace: Workspace;
let root: string;

/** The target of links in a repository: another folder of this machine. */
beforeAll(() => {
  outside = createWorkspace();
  workspace = createWorkspace();
  root = workspace.folder;
  outside.write('foreign.prompt', promptText({ model: MODEL, body: SECRET }));
  outside.write('foreign.yaml', `password: ${SECRET}\n  broken: [`);
  outside.write('foreign.png', SECRET);
  mkdirSync(path.join(outside.folder, 'schemas'));
  outside.write('schemas/Secret.yaml', `password: ${SECRET}\n`);
  outside.write('_foreign.prompt', SECRET);
  for (const folder of ['schemas', 'linked', 'llmops']) mkdirSync(path.join(root, folder), { recursive: true });
});
afterAll(() => {
  outside[Symbol.dispose]();
  workspace[Symbol.dispose]();
});

const link = (target: string, name: string) => symlinkSync(target, path.join(root, name));
const run = (...args: string[]) => llmops(['run', ...args, '--no-record'], { cwd: root });
const check = (...args: string[]) => llmops(['check', ...args], { cwd: root });

async function refusesToRun(prompt: string, message: RegExp) {
  const ran = await run(prompt);
  expect(ran.stderr).toMatch(message);
  expect(ran.stdout + ran.stderr).not.toContain(SECRET);
  expect(ran.code).toBe(2);
}

describe('a symbolic link in a repository', () => {
  it('as a prompt is run and checked if it stays in the workspace', async () => {
    workspace.write('linked/real.prompt', promptText({ model: MODEL, body: 'Say hello.' }));
    link('linked/real.prompt', 'inside.prompt');
    const ran = await run('inside.prompt');
    expect(ran.stderr).not.toContain('link');
    expect(ran.code).toBe(0);
    const checked = await check('.');
    expect(checked.stdout).toMatch(/^5 prompts and 1 evaluation checked/m);
  });

  it('as a prompt is rejected if it leads outside, directly, by a chain or by a folder', async () => {
    link(path.join(outside.folder, 'foreign.prompt'), 'direct.prompt');
    link('direct.prompt', 'chain.prompt');
    link(outside.folder, 'elsewhere');
    for (const prompt of ['direct.prompt', 'chain.prompt', 'elsewhere/foreign.prompt']) {
      await refusesToRun(prompt, /is a link to .*foreign\.prompt, outside the workspace/);
    }
    const { code, stdout } = await check('direct.prompt', 'chain.prompt', 'elsewhere/foreign.prompt');
    expect(
      stdout.match(/ error {2}.* is a link to .*foreign\.prompt, outside the workspace .* {2}unreadable-file/g),
    ).toHaveLength(3);
    expect(stdout).not.toContain(SECRET);
    expect(code).toBe(1);
  });

  it('as a prompt is rejected if it is a loop, or leads to a pipe or a system file', async () => {
    link('loop.prompt', 'loop.prompt');
    await refusesToRun('loop.prompt', /loop\.prompt is a symbolic link in a loop/);
    execFileSync('mkfifo', [path.join(root, 'pipe.prompt')]);
    await refusesToRun('pipe.prompt', /pipe\.prompt is not a regular file/);
    link('/proc/self/environ', 'environ.prompt');
    await refusesToRun('environ.prompt', /environ\.prompt is a link to \/proc\/\d+\/environ, outside/);
    const { stdout } = await check('loop.prompt', 'pipe.prompt', 'environ.prompt');
    expect(stdout).toContain('3 prompts checked: 3 errors.');
  });

  it('is distinguished from a prompt outside any workspace that the user names', async () => {
    const ran = await run(path.join(outside.folder, 'foreign.prompt'));
    expect(ran.code).toBe(0);
  });

  it('as a schema shows nothing of its target', async () => {
    link(path.join(outside.folder, 'foreign.yaml'), 'schemas/Foreign.yaml');
    const front = (schema: string) => `---\nmodel: ${MODEL}\ninput:\n  schema:\n    who: ${schema}\n---\n{{who}}`;
    workspace.write('schema.prompt', front('Foreign'));
    await refusesToRun('schema.prompt', /Foreign\.yaml is a link to .*foreign\.yaml, outside the workspace/);
    const { code, stdout } = await check('schema.prompt');
    expect(stdout).toMatch(/Foreign\.yaml is a link to .*foreign\.yaml, outside the workspace/);
    expect(stdout).not.toContain(SECRET);
    expect(code).toBe(1);
    // The whole schemas folder can be a link too.
    mkdirSync(path.join(root, 'deep'));
    link(path.join(outside.folder, 'schemas'), 'deep/schemas');
    workspace.write('deep/schema.prompt', front('Secret'));
    await refusesToRun('deep/schema.prompt', /Secret\.yaml is a link to .*Secret\.yaml, outside the workspace/);
  });

  it('as a partial shows nothing of its target, and is reported', async () => {
    link(path.join(outside.folder, '_foreign.prompt'), '_linked.prompt');
    workspace.write('partial.prompt', promptText({ model: MODEL, body: '{{> linked}}' }));
    await refusesToRun('partial.prompt', /_linked\.prompt is a link to .*_foreign\.prompt, outside the workspace/);
    const { stdout } = await check('partial.prompt');
    expect(stdout).toMatch(/The partial `linked` cannot be used: .* is a link to .*_foreign\.prompt, outside/);
    expect(stdout).not.toContain(SECRET);
  });

  it('as media sends nothing of its target', async () => {
    link(path.join(outside.folder, 'foreign.png'), 'picture.png');
    link('picture.png', 'chained.png');
    link('/dev/zero', 'endless.png');
    link('circle.png', 'circle.png');
    execFileSync('mkfifo', [path.join(root, 'pipe.png')]);
    const refusals: [string, RegExp][] = [
      ['picture.png', /`picture\.png` is outside the workspace: it is a link to .*foreign\.png/],
      ['chained.png', /`chained\.png` is outside the workspace: it is a link to .*foreign\.png/],
      ['endless.png', /`endless\.png` is outside the workspace: it is a link to \/dev\/zero/],
      ['circle.png', /`circle\.png` is a symbolic link in a loop/],
      ['pipe.png', /`pipe\.png` is not a regular file/],
      ['schemas', /`schemas` is a folder/],
    ];
    for (const [picture, message] of refusals) {
      workspace.write('media.prompt', promptText({ model: MODEL, body: `{{media url="${picture}"}}` }));
      await refusesToRun('media.prompt', message);
    }
  });

  it('as a dataset is reported like a path outside', async () => {
    outside.write('rows.jsonl', '{"a":1}\n');
    link(path.join(outside.folder, 'rows.jsonl'), 'rows.jsonl');
    const direct = path.relative(root, path.join(outside.folder, 'rows.jsonl'));
    for (const dataset of ['rows.jsonl', direct]) {
      workspace.write('dataset.prompt', `---\nmodel: ${MODEL}\nllmops.dataset: ${dataset}\n---\nHello.`);
      const { stdout } = await check('dataset.prompt');
      expect(stdout).toContain(`\`${dataset}\` is outside the workspace and is not read.`);
    }
  });

  it('as the dataset of an evaluation is not read; a path outside that the file names is', async () => {
    outside.write('cases.jsonl', `{"id":"a","question":"${SECRET}","expected":"x"}\n`);
    link(path.join(outside.folder, 'cases.jsonl'), 'cases.jsonl');
    workspace.write(
      'ask.prompt',
      '---\nmodel: demo/echo\ninput:\n  schema:\n    question: string\n---\n{{question}}\n',
    );
    const evaluate = (dataset: string) => {
      workspace.write('a.eval.yaml', `prompts: [ask.prompt]\ndataset: ${dataset}\nmetrics: [equals]\n`);
      return llmops(['eval', 'a.eval.yaml'], { cwd: root });
    };
    const { code, stdout, stderr } = await evaluate('cases.jsonl');
    expect(stderr).toMatch(/cases\.jsonl is a link to .*cases\.jsonl, outside the workspace/);
    expect(stdout + stderr).not.toContain(SECRET);
    expect(code).toBe(2);
    expect((await evaluate(path.join(outside.folder, 'cases.jsonl'))).stdout).toContain(SECRET);
  });

  it('as the history is not written through, unless its folder is allowed', async () => {
    using linked = createWorkspace();
    using place = createWorkspace();
    const prompt = linked.write('hello.prompt', promptText({ model: MODEL }));
    mkdirSync(path.join(place.folder, 'history'));
    const history = path.join(place.folder, 'history');
    symlinkSync(history, path.join(linked.folder, '.llmops'));
    const refused = await llmops(['run', prompt, '--json'], { cwd: linked.folder });
    expect(refused.stderr).toContain(`.llmops is a symbolic link to ${history}. No history was read or written there.`);
    expect(refused.stderr).toContain('set LLMOPS_LINKED_FOLDERS to it');
    expect(JSON.parse(refused.stdout).runs[0].warnings).toMatchObject([{ code: 'not-recorded' }]);
    expect(readdirSync(history)).toEqual([]);
    const allowed = await llmops(['run', prompt], {
      cwd: linked.folder,
      env: { LLMOPS_LINKED_FOLDERS: ['/nowhere', place.folder].join(path.delimiter) },
    });
    expect(allowed.stderr).toBe('');
    expect(readdirSync(history).toSorted()).toEqual(['.gitignore', 'llmops.db']);
  });

  it('as the connections file is not read, and the commands report why', async () => {
    writeFileSync(path.join(outside.folder, 'connections.yaml'), `password: [${SECRET}`);
    rmSync(path.join(root, 'llmops/connections.yaml'), { force: true });
    link(path.join(outside.folder, 'connections.yaml'), 'llmops/connections.yaml');
    workspace.write('connection.prompt', promptText({ model: 'password/x' }));
    const message =
      /llmops\/connections\.yaml is a link to .*connections\.yaml, outside the workspace .* No connections from this file are used/;
    await refusesToRun('connection.prompt', message);
    for (const command of [['check', 'connection.prompt'], ['models']]) {
      const { stdout, stderr } = await llmops(command, { cwd: root });
      expect(stderr).toMatch(message);
      expect(stdout + stderr).not.toContain(SECRET);
    }
  });
});

describe('a link in git', () => {
  it('shows nothing of its target in versions, and a linked partial hides no history', async () => {
    using repository = createRepository();
    const { folder, write, git } = repository;
    write('good.prompt', promptText({ model: MODEL, body: 'Hello {{> linked}}' }));
    symlinkSync(path.join(outside.folder, '_foreign.prompt'), path.join(folder, '_linked.prompt'));
    symlinkSync(path.join(outside.folder, 'foreign.prompt'), path.join(folder, 'bad.prompt'));
    git('add', '-A');
    git('commit', '-qm', 'links');
    const listed = await llmops(['versions', 'list', 'good.prompt'], { cwd: folder });
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining('links') });
    for (const verb of ['show', 'list', 'diff']) {
      for (const prompt of ['good.prompt', 'bad.prompt']) {
        const { stdout, stderr } = await llmops(['versions', verb, prompt], { cwd: folder });
        expect(stdout + stderr).not.toContain(SECRET);
      }
    }
    const shown = await llmops(['versions', 'show', 'bad.prompt'], { cwd: folder });
    expect(shown).toMatchObject({ code: 2, stderr: expect.stringMatching(/bad\.prompt is a (?:symbolic )?link to /) });
  });
});

describe('a connections file over its size limit', () => {
  it('is reported by run, if the connection is unknown because of it, and by check', async () => {
    using large = createWorkspace();
    mkdirSync(path.join(large.folder, 'llmops'), { recursive: true });
    const message = `llmops/connections.yaml: This file is larger than 100 KB and is not read: none of its connections are used.`;
    large.write('one.prompt', promptText({ model: 'mine/x' }));
    large.write('two.prompt', promptText({ model: 'demo/swift' }));
    for (const comment of ['# a line of a long comment\n'.repeat(4000), `# ${'€'.repeat(150_000)}\n`]) {
      large.write(
        'llmops/connections.yaml',
        `mine: {type: openai-compatible, baseUrl: "http://127.0.0.1:9/v1"}\n${comment}`,
      );
      for (const [prompt, code] of [
        ['one.prompt', 2],
        ['two.prompt', 0],
      ] as const) {
        const ran = await llmops(['run', prompt, '--no-record'], { cwd: large.folder });
        expect(ran.stderr.split(message)).toHaveLength(2);
        expect(ran.code).toBe(code);
        const checked = await llmops(['check', prompt], { cwd: large.folder });
        expect(checked.stderr.split(message)).toHaveLength(2);
      }
    }
  });
});
