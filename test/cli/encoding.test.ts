import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace, llmops, type Workspace } from './cli.ts';
import { createRepository } from './repository.ts';

const LATIN1 = Buffer.from('---\nmodel: demo/swift\n---\nR\u00e9sum\u00e9 this.\n', 'latin1');
const UTF16 = Buffer.from('\ufeff---\nmodel: demo/swift\n---\nHello.\n', 'utf16le');

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
});
afterEach(() => workspace[Symbol.dispose]());

const at = () => ({ cwd: workspace.folder });
const writeBytes = (file: string, bytes: Buffer) => writeFileSync(path.join(workspace.folder, file), bytes);

describe('a prompt that is not UTF-8', () => {
  it.each([
    ['Windows-1252', LATIN1, /bad\.prompt:4:2: the byte 0xE9 here is not valid UTF-8\./],
    ['UTF-16', UTF16, /bad\.prompt:1:1: the text is UTF-16, but UTF-8 is expected\./],
  ])('is not sent: %s', async (_, bytes, message) => {
    writeBytes('bad.prompt', bytes);
    const { code, stdout, stderr } = await llmops(['run', 'bad.prompt', '--no-record'], at());
    expect({ code, stdout, stderr }).toMatchObject({ code: 2, stdout: '', stderr: message });
  });

  it('is not sent as a partial or through a schema either', async () => {
    writeBytes('_tone.prompt', Buffer.from('Be na\u00efve.', 'latin1'));
    workspace.write('p.prompt', '---\nmodel: demo/swift\n---\n{{> tone}}\n');
    const partial = await llmops(['run', 'p.prompt', '--no-record'], at());
    expect(partial).toMatchObject({ code: 2, stdout: '', stderr: /_tone\.prompt:1:6: the byte 0xEF/ });
    const { mkdirSync } = await import('node:fs');
    mkdirSync(path.join(workspace.folder, 'schemas'), { recursive: true });
    writeBytes('schemas/Odd.yaml', Buffer.from('na\u00efve: string\n', 'latin1'));
    workspace.write('q.prompt', '---\nmodel: demo/swift\noutput:\n  schema: Odd\n---\nHello\n');
    const schema = await llmops(['run', 'q.prompt', '--no-record'], at());
    expect(schema).toMatchObject({ code: 2, stdout: '', stderr: /Odd\.yaml.*the byte 0xEF/ });
  });

  it('is reported by check with its place, and the other prompts are checked too', async () => {
    writeBytes('prompts/bad.prompt', LATIN1);
    const text = await llmops(['check', 'prompts'], at());
    expect(text.code).toBe(1);
    expect(text.stdout).toMatch(
      /^prompts\/bad\.prompt:4:2 {2}error {2}Line 4, column 2: the byte 0xE9 here is not valid UTF-8\..* invalid-encoding$/m,
    );
    expect(text.stdout).toMatch(/^\d+ prompts checked: 1 error/m);
    const sarif = JSON.parse((await llmops(['check', 'prompts', '--format', 'sarif'], at())).stdout);
    const [result] = sarif.runs[0].results.filter(({ ruleId }: { ruleId: string }) => ruleId === 'invalid-encoding');
    expect(result.locations[0].physicalLocation.region).toMatchObject({ startLine: 4, startColumn: 2 });
  });

  it('is not sent from a commit either', async () => {
    using repository = createRepository();
    writeFileSync(path.join(repository.folder, 'bad.prompt'), LATIN1);
    repository.git('add', '-A');
    repository.git('commit', '-q', '-m', 'An old encoding');
    writeFileSync(path.join(repository.folder, 'bad.prompt'), '---\nmodel: demo/swift\n---\nHello.\n');
    const { code, stdout, stderr } = await llmops(['run', 'bad.prompt@HEAD', '--no-record'], {
      cwd: repository.folder,
    });
    expect({ code, stdout, stderr }).toMatchObject({ code: 2, stdout: '', stderr: /bad\.prompt:4:2: the byte 0xE9/ });
    const list = await llmops(['versions', 'list', 'bad.prompt'], { cwd: repository.folder });
    expect(list.code).toBe(0);
  });
});
