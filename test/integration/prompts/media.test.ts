import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diskFiles } from '../../../src/core/base/files/disk-files.ts';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import { renderPrompt } from '../../../src/core/prompts/render/render.ts';

const files = diskFiles;

let base: string;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'media-'));
  mkdirSync(join(base, 'work/prompts'), { recursive: true });
  writeFileSync(join(base, 'work/prompts/cat.png'), 'png');
  writeFileSync(join(base, 'work/my cat.PNG'), 'png');
  writeFileSync(join(base, 'work/data.bin'), 'bin');
  writeFileSync(join(base, 'work/huge.png'), Buffer.alloc(20 * 1024 * 1024 + 1));
  writeFileSync(join(base, 'secret.png'), 'secret');
  symlinkSync(join(base, 'secret.png'), join(base, 'work/prompts/link.png'));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

async function media(template: string, input: Record<string, unknown> = {}) {
  const env = {
    partials: async () => undefined,
    files,
    workspaceRoots: [join(base, 'work')],
    promptDir: join(base, 'work/prompts'),
  };
  const { messages } = await renderPrompt(parsePrompt(template).prompt, { input }, env);
  return messages[0]?.parts[0];
}

const PNG = { type: 'media', url: `data:image/png;base64,${btoa('png')}`, contentType: 'image/png' };
const DECLARED = '---\nllmops.media: [photo]\n---\n';

describe('media', () => {
  it('from a value may be http, https or data', async () => {
    expect(await media('{{media url=u}}', { u: 'https://a.example/b?c=d e' }).catch(() => 'refused')).toBe('refused');
    expect(await media('{{media url=u}}', { u: 'HTTPS://a.example/b' })).toEqual({
      type: 'media',
      url: 'HTTPS://a.example/b',
    });
    expect(await media('{{media url=u}}', { u: 'data:image/gif;base64,AAAA' })).toEqual({
      type: 'media',
      url: 'data:image/gif;base64,AAAA',
      contentType: 'image/gif',
    });
  });

  it('from a value may not be a file, in any notation', async () => {
    const spellings = [
      'cat.png',
      './cat.png',
      '/etc/passwd',
      'file:///etc/passwd',
      'FILE:cat.png',
      ' cat.png',
      'gs://a/b',
      'javascript:1',
    ];
    for (const u of spellings) {
      await expect(media('{{media url=u}}', { u }), u).rejects.toMatchObject({
        code: 'invalid-input',
        hint: expect.stringContaining('llmops.media'),
      });
    }
  });

  it('in the template may be a file of the workspace, relative to the prompt', async () => {
    expect(await media('{{media url="cat.png"}}')).toEqual(PNG);
    expect(await media('{{media url="../my cat.PNG"}}')).toEqual(PNG);
    expect(await media(`{{media url="${pathToFileURL(join(base, 'work/prompts/cat.png'))}"}}`)).toEqual(PNG);
    expect(await media('<<<dotprompt:media:url cat.png>>>')).toEqual(PNG);
    expect(await media('{{media url="../data.bin" contentType="image/png"}}')).toMatchObject({
      contentType: 'image/png',
    });
  });

  it('from an input that the file declares as media may be a file, also inside a list', async () => {
    expect(await media(`${DECLARED}{{media url=photo}}`, { photo: 'cat.png' })).toEqual(PNG);
    expect(await media(`${DECLARED}{{#each photo}}{{media url=this}}{{/each}}`, { photo: ['cat.png'] })).toEqual(PNG);
    await expect(media(`${DECLARED}{{media url=other}}`, { photo: 'x.png', other: 'cat.png' })).rejects.toThrow(
      'cannot refer to',
    );
  });

  it('never comes from outside the workspace, neither by path nor by link', async () => {
    for (const url of [
      '../../secret.png',
      join(base, 'secret.png'),
      'link.png',
      String(pathToFileURL(join(base, 'secret.png'))),
    ]) {
      await expect(media(`{{media url="${url}"}}`), url).rejects.toThrow('is outside the workspace');
      await expect(media(`${DECLARED}{{media url=photo}}`, { photo: url }), url).rejects.toThrow(
        'is outside the workspace',
      );
    }
  });

  it('never comes from outside in another notation either', async () => {
    const spellings = [
      '../../secret.png/../secret.png',
      './/..//..//secret.png',
      'file:///%2e%2e/secret.png',
      `file://${base}/work/%2e%2e/secret.png`,
    ];
    for (const url of [
      ...spellings,
      '..%2F..%2Fsecret.png',
      'C:\\\\secret.png',
      '..\\\\..\\\\secret.png',
      'file://host/secret.png',
      'FILE:../../secret.png',
    ]) {
      await expect(media(`{{media url="${url}"}}`), url).rejects.toMatchObject({ code: 'invalid-input' });
    }
  });

  it('is not looked up on another machine, which would log in there', async () => {
    for (const url of ['//host/share/a.png', '\\\\\\\\host\\\\share\\\\a.png']) {
      const looked: string[] = [];
      const realPath = async (path: string) => {
        looked.push(path);
        return path;
      };
      const spy = { ...files, realPath };
      const env = { partials: async () => undefined, files: spy, workspaceRoots: [base], promptDir: base };
      const prompt = parsePrompt(`{{media url="${url}"}}`).prompt;
      await expect(renderPrompt(prompt, { input: {} }, env), url).rejects.toMatchObject({ code: 'invalid-input' });
      expect(looked.filter((path) => /^[\\/]{2}/.test(path))).toEqual([]);
    }
  });

  it('reports what is wrong with a file', async () => {
    await expect(media('{{media url="gone.png"}}')).rejects.toThrow('The media file `gone.png` does not exist.');
    await expect(media('{{media url="../data.bin"}}')).rejects.toThrow(
      'content type of the media file `../data.bin` is unknown',
    );
    await expect(media('{{media url="../huge.png"}}')).rejects.toThrow('has 20.0 MB; at most 20 MB can be sent');
    await expect(media('{{media url="gs://bucket/a.png"}}')).rejects.toThrow(
      'Media cannot come from `gs://bucket/a.png`.',
    );
  });

  it('that is empty is reported with the name of its variable', async () => {
    await expect(media('{{media url=customer.photo}}')).rejects.toMatchObject({
      code: 'invalid-input',
      message: 'The template sends media from `customer.photo`, which is empty.',
    });
  });
});
