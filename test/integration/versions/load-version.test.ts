import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/core/base/settings.ts';
import { indexVersion } from '../../../src/core/language/workspace/index-version.ts';
import { createWorkbench } from '../../../src/core/workbench.ts';
import { createRepository } from './temporary-repository.ts';

const FILE = 'prompts/judge.prompt';
const PROMPT = '---\nmodel: demo/swift\ninput:\n  schema:\n    who: Person\n---\n{{who.nick}}\n';

function openWorkbench(repository: ReturnType<typeof createRepository>, folder: string) {
  const { env, files, log, now } = repository.ports();
  return createWorkbench({
    folder,
    trusted: () => true,
    settings: () => DEFAULT_SETTINGS,
    files,
    env,
    log,
    now,
    network: async () => {
      throw new Error('Nothing here needs a network.');
    },
    storeWorkerUrl: new URL('../../../src/core/store/worker.ts', import.meta.url),
    windowId: 'test',
  });
}

it('a version has the named schemas of its commit, even in a folder that was opened through a link', async () => {
  using repository = createRepository();
  repository.commit('One', { [FILE]: PROMPT, 'schemas/Person.yaml': 'nick: string\n' });
  repository.commit('Two', { 'schemas/Person.yaml': 'name: string\n' });
  const linked = path.join(repository.root, '..', 'linked');
  symlinkSync(repository.root, linked);
  for (const folder of [repository.root, linked]) {
    const workbench = openWorkbench(repository, folder);
    const { versions } = workbench;
    const version = await versions.history.read('HEAD~1', path.join(folder, FILE));
    const { prompt, diagnostics } = await workbench.versions.history.loadPrompt(version);
    expect(diagnostics).toEqual([]);
    expect(prompt.input.schema).toMatchObject({ properties: { who: { properties: { nick: { type: 'string' } } } } });

    const index = await indexVersion(
      { path: version.absolutePath, source: version.content.source, partials: [] },
      await versions.history.filesAt(version.commit),
      folder,
    );
    expect(index.schemaFiles().map(({ path: file, text }) => [path.relative(folder, file), text])).toEqual([
      [path.join('schemas', 'Person.yaml'), 'nick: string\n'],
    ]);
    await workbench.dispose();
  }
});
