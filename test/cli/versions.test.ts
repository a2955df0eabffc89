import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { llmops } from './cli.ts';
import { CHURN, churn, createRepository } from './repository.ts';

describe('naming a version', () => {
  it.each(['HEAD~1', 'main~1'])('runs the prompt as it was at %s, and leaves the work tree as it is', async (ref) => {
    using repository = createRepository();
    repository.write(CHURN, churn(0.9));
    const { code, stdout } = await repository.llmops('run', `${CHURN}@${ref}`, '--json');
    expect(code).toBe(0);
    const { version, runs } = JSON.parse(stdout);
    expect(version.commit).toBe(repository.git('rev-parse', 'HEAD~1'));
    expect(runs[0].state).toBe('done');
    expect(repository.read(CHURN)).toBe(churn(0.9));
    expect(repository.git('status', '--porcelain')).toBe(` M ${CHURN}`);
  });

  it('accepts a short name while it is unique, and a hash', async () => {
    using repository = createRepository();
    const hash = repository.git('rev-parse', '--short', 'HEAD~1');
    const { code, stdout } = await repository.llmops('run', `churn@${hash}`);
    expect(code).toBe(0);
    expect(stdout).toContain(`churn at ${hash}`);
    expect((await repository.llmops('run', 'churn', '--json')).code).toBe(0);
  });

  it('reads the partials of that commit', async () => {
    using repository = createRepository();
    const text = churn(0.2, '{{> tone}} Say hello.');
    repository.commit('Add a tone', { [CHURN]: text, 'prompts/_tone.prompt': 'Be kind.' });
    repository.commit('Another tone', { 'prompts/_tone.prompt': 'Be terse.' });
    const { stdout } = await repository.llmops('versions', 'show', 'churn@HEAD~1', '--json');
    expect(JSON.parse(stdout).partials).toMatchObject([{ name: 'tone', text: 'Be kind.' }]);
  });

  it('lists the existing prompts for an unknown name, and rejects further arguments', async () => {
    using repository = createRepository();
    const unknown = await repository.llmops('versions', 'list', 'chrn');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('Unknown prompt chrn.\nUse the path of its file, or one of prompts/churn');
    const several = await repository.llmops('versions', 'restore', 'churn', 'v1');
    expect(several.code).toBe(2);
    expect(several.stderr).toContain('(See llmops versions restore --help.)');
  });

  it('prefers a file whose name contains the sign', async () => {
    using repository = createRepository();
    repository.commit('Odd name', { 'a@b.prompt': churn(0.1) });
    expect((await repository.llmops('run', 'a@b.prompt', '--json')).code).toBe(0);
  });

  it('checks a prompt by its name', async () => {
    using repository = createRepository();
    const { code, stdout } = await repository.llmops('check', 'churn', 'churn@HEAD~1');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '2 prompts checked: no problems.\n' });
  });

  it('checks a version with the schemas of its commit', async () => {
    using repository = createRepository();
    const broken = '---\nmodel: demo/swift\ninput:\n  schema:\n    who: Person\n---\nHi {{who.name}}\n';
    repository.commit('Use a schema', { [CHURN]: broken, 'schemas/Person.yaml': 'name: string\n' });
    repository.git('rm', '-q', 'schemas/Person.yaml');
    repository.git('commit', '-q', '-m', 'Lose the schema');
    const before = await repository.llmops('check', `${CHURN}@HEAD~1`);
    expect(before.stdout).toBe('1 prompt checked: no problems.\n');
    const after = await repository.llmops('check', `${CHURN}@HEAD`);
    // Missing, or registered in code: a commit does not say which, so it is reported and the check does not fail.
    expect(after.stdout).toContain(`${CHURN}@HEAD:5:10  warning  No file defines the schema \`Person\``);
    expect(after.code).toBe(0);
    repository.commit('Break the schema', { 'schemas/Person.yaml': 'name: strin\n' });
    repository.write('schemas/Person.yaml', 'name: string\n');
    const inCommit = await repository.llmops('check', `${CHURN}@HEAD`);
    expect(inCommit.stdout).toMatch(/@HEAD:5:10 {2}error {2}Person\.yaml has an error at `name`.*picoschema$/m);
    expect(inCommit.code).toBe(1);
  });

  it.each([
    ['churn@', /has no version after the @/],
    ['churn@v9', /has no version v9/],
    ['churn@--output=x', /has no version --output=x/],
    ['nobody@HEAD', /nobody/],
    ['../../etc/passwd.prompt@HEAD', /not inside|no git repository|does not exist|no prompt/],
  ])('exits with 2 for %s', async (spec, message) => {
    using repository = createRepository();
    const { code, stderr } = await repository.llmops('run', spec);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('undefined');
    expect(code).toBe(2);
    expect(existsSync(path.join(repository.folder, 'x'))).toBe(false);
  });
});

describe('the results of a run', () => {
  const noted = (repository: ReturnType<typeof createRepository>) =>
    repository.git('for-each-ref', '--format=%(refname)', 'refs/notes');

  it('are noted in git for committed content, of the working file or of a version', async () => {
    using repository = createRepository();
    await repository.llmops('run', `${CHURN}@HEAD~1`);
    expect(noted(repository)).toBe('refs/notes/llmops');
    await repository.llmops('run', CHURN);
    for (const commit of ['HEAD~1', 'HEAD']) {
      const note = repository.git('notes', '--ref=llmops', 'show', repository.git('rev-parse', `${commit}:${CHURN}`));
      expect(JSON.parse(note)).toMatchObject({ evaluation: 'runs', n: 1, done: 1, models: ['demo/swift'] });
    }
  });

  it('are not noted for uncommitted text, nor without recording', async () => {
    using repository = createRepository();
    await repository.llmops('run', CHURN, '--no-record');
    repository.write(CHURN, churn(0.9));
    await repository.llmops('run', CHURN);
    expect(noted(repository)).toBe('');
  });
});

describe('llmops versions list', () => {
  it('lists commits newest first, with the results of their content', async () => {
    using repository = createRepository();
    await repository.llmops('run', `${CHURN}@HEAD~1`);
    const { code, stdout } = await repository.llmops('versions', 'list', CHURN, '--json');
    expect(code).toBe(0);
    const { prompt, working, versions } = JSON.parse(stdout);
    expect({ prompt, working }).toEqual({ prompt: 'prompts/churn', working: 'clean' });
    expect(versions.map(({ subject }: { subject: string }) => subject)).toEqual(['Warm it up', 'Say hello']);
    expect(versions[0].results).toBeNull();
    expect(versions[1].results).toMatchObject({ done: 1, demo: 1, models: ['demo/swift'] });
    const text = await repository.llmops('versions', 'list', 'churn');
    expect(text.stdout).toContain('1 (demo)');
    expect(text.stdout).not.toContain('\u001b');
  });

  it('shows the score of the newest evaluation, also to a colleague who fetched it', async () => {
    using repository = createRepository();
    repository.write(
      'a.eval.yaml',
      'prompts: [churn@HEAD]\nrows: [{ id: one, name: Ada }]\nmetrics: [wordCount, refusal]\n',
    );
    expect((await repository.llmops('eval', 'a.eval.yaml')).code).toBe(0);
    const remote = mkdtempSync(path.join(tmpdir(), 'llmops-cli-remote-'));
    const colleague = mkdtempSync(path.join(tmpdir(), 'llmops-cli-colleague-'));
    try {
      repository.git('init', '-q', '--bare', remote);
      repository.git('remote', 'add', 'origin', remote);
      repository.git('push', '-q', 'origin', 'HEAD');
      expect((await repository.llmops('versions', 'push')).code).toBe(0);
      repository.git('clone', '-q', repository.folder, colleague);
      repository.git('-C', colleague, 'remote', 'set-url', 'origin', remote);
      expect((await llmops(['versions', 'fetch'], { cwd: colleague })).code).toBe(0);
      for (const cwd of [repository.folder, colleague]) {
        const { versions } = JSON.parse((await llmops(['versions', 'list', 'churn', '--json'], { cwd })).stdout);
        expect(versions[1].evaluations).toEqual([]);
        expect(versions[0].evaluations).toMatchObject([
          {
            evaluation: 'a',
            cases: 1,
            models: [{ model: 'demo/swift', score: 0, metrics: [{ metric: 'wordCount' }, {}] }],
          },
        ]);
        const { stdout } = await llmops(['versions', 'list', 'churn'], { cwd });
        expect(stdout).toMatch(/ SCORE .*\n.* 0\.00 \(0\.00–0\.79\) .* Warm it up\n.* — .* Say hello\n/);
        expect((await llmops(['versions', 'show', 'churn@HEAD'], { cwd })).stderr).toContain(
          'score 0.00 (0.00–0.79) in a',
        );
      }
    } finally {
      rmSync(remote, { recursive: true, force: true });
      rmSync(colleague, { recursive: true, force: true });
    }
  });

  it('pages, and reports that there are older ones', async () => {
    using repository = createRepository();
    const { stdout, stderr } = await repository.llmops('versions', 'list', CHURN, '--limit', '1');
    expect(stdout).toContain('Warm it up');
    expect(stdout).not.toContain('Say hello');
    expect(stderr).toContain('--limit 2');
  });

  it('explains in a bare repository why a name was not searched for', async () => {
    using repository = createRepository();
    // not below the work tree, whose history would be searched for the name
    const bare = mkdtempSync(path.join(tmpdir(), 'llmops-cli-bare-'));
    try {
      repository.git('clone', '-q', '--bare', '.', bare);
      const { code, stderr } = await llmops(['versions', 'list', 'churn'], { cwd: bare });
      expect(stderr).toMatch(/It was not looked up as a name: .* is a bare repository/);
      expect(code).toBe(2);
    } finally {
      rmSync(bare, { recursive: true, force: true });
    }
  });

  it('explains what to do without a repository', async () => {
    using repository = createRepository();
    const { code, stderr } = await llmops(['versions', 'list', 'a.prompt'], { cwd: path.dirname(repository.folder) });
    expect(stderr).toMatch(/This folder has no repository yet/);
    expect(code).toBe(2);
  });
});

describe('llmops versions save', () => {
  it('commits only this prompt, and the next list shows it as v1', async () => {
    using repository = createRepository();
    repository.write(CHURN, churn(0.9));
    repository.write('other.txt', 'mine');
    repository.git('add', 'other.txt');
    const { code, stdout, stderr } = await repository.llmops('versions', 'save', CHURN, '-m', 'Hotter');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Saved prompts\/churn as v1 \([0-9a-f]{10}\): Hotter\n$/);
    expect(repository.git('show', '--name-only', '--format=%s')).toBe(`Hotter\n\n${CHURN}`);
    expect(repository.git('status', '--porcelain')).toBe('A  other.txt');
    const { versions } = JSON.parse((await repository.llmops('versions', 'list', 'churn', '--json')).stdout);
    expect(versions[0]).toMatchObject({ name: 'v1', savedAs: ['v1'] });
  });

  it('exits with 2 if there is nothing to save, and for a version', async () => {
    using repository = createRepository();
    await repository.llmops('versions', 'save', CHURN, '-m', 'One');
    const again = await repository.llmops('versions', 'save', CHURN, '-m', 'Two');
    expect(again.code).toBe(2);
    const version = await repository.llmops('versions', 'save', `${CHURN}@HEAD`, '-m', 'x');
    expect(version.stderr).toContain('only the working file can be saved');
    expect(version.code).toBe(2);
    const label = await repository.llmops('versions', 'save', CHURN, '-m', 'x', '--label', 'v3');
    expect(label.stderr).toContain('"v3" cannot be a label');
    expect(label.code).toBe(2);
  });
});

describe('llmops versions label', () => {
  it('moves a label, lists it, shows its history and removes it', async () => {
    using repository = createRepository();
    const set = await repository.llmops('versions', 'label', `${CHURN}@HEAD~1`, 'production', '--why', 'Tried');
    expect(set.stderr).toBe('');
    expect(set.code).toBe(0);
    const moved = await repository.llmops('versions', 'label', 'churn', 'production', '--json');
    expect(JSON.parse(moved.stdout)).toMatchObject({
      label: 'production',
      commit: repository.git('rev-parse', 'HEAD'),
    });
    const list = await repository.llmops('versions', 'label', 'churn', '--json');
    expect(JSON.parse(list.stdout).labels).toHaveLength(1);
    const history = await repository.llmops('versions', 'label', 'churn', 'production', '--history', '--json');
    expect(JSON.parse(history.stdout).moves.map(({ why }: { why: string }) => why)).toEqual(['', 'Tried']);
    expect((await repository.llmops('run', 'churn@production', '--json')).code).toBe(0);
    expect((await repository.llmops('versions', 'label', 'churn', 'production', '--remove')).code).toBe(0);
    expect((await repository.llmops('versions', 'label', 'churn')).stdout).toContain('has no labels');
  });

  it.each([
    [['churn', 'HEAD'], /cannot be a label/],
    [['churn', '--remove'], /needs the name of a label/],
    [['churn', 'production', '--author', 'nobody'], /is not a name and an email address/],
  ])('exits with 2 for %j', async (args, message) => {
    using repository = createRepository();
    const { code, stderr } = await repository.llmops('versions', 'label', ...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});

describe('llmops versions diff', () => {
  it('describes how the working file differs from the last commit', async () => {
    using repository = createRepository();
    repository.write(CHURN, churn(0.9, 'Say hello.\nBe brief.'));
    const { stdout } = await repository.llmops('versions', 'diff', CHURN);
    expect(stdout).toContain('temperature 0.7 → 0.9');
    expect(stdout).toContain('user message: 1 line added');
    expect(stdout).toContain('-  temperature: 0.7\n+  temperature: 0.9');
  });

  it('compares two versions of a prompt', async () => {
    using repository = createRepository();
    const { stdout } = await repository.llmops('versions', 'diff', 'churn@HEAD~1..HEAD', '--json');
    const { prompts } = JSON.parse(stdout);
    expect(prompts[0].changes).toEqual([{ kind: 'parameter', text: 'temperature 0.2 → 0.7' }]);
  });

  it('reports if nothing differs', async () => {
    using repository = createRepository();
    expect((await repository.llmops('versions', 'diff', CHURN)).stdout).toMatch(/^No prompts differ/);
  });

  it('prints what a branch changes in prompts as Markdown, with the results of both sides', async () => {
    using repository = createRepository();
    await repository.llmops('run', `${CHURN}@HEAD`);
    repository.git('checkout', '-q', '-b', 'topic');
    repository.commit('Cooler', { [CHURN]: churn(0.1) });
    repository.commit('A new one', { 'prompts/reply.prompt': churn(0.5, 'Reply with ```ticks``` and </details>.') });
    await repository.llmops('run', CHURN);
    const { code, stdout } = await repository.llmops('versions', 'diff', 'main..HEAD', '--markdown');
    expect(code).toBe(0);
    expect(stdout).toContain('## 2 prompts: 1 changed, 1 added\n');
    const [base, head] = ['main', 'HEAD'].map((ref) => repository.git('rev-parse', ref).slice(0, 10));
    expect(stdout).toContain(`\`main (${base})\` → \`HEAD (${head})\``);
    expect(stdout).toContain('| `prompts/reply` | added | adds model demo/swift');
    expect(stdout).toContain('| `prompts/churn` | changed | temperature 0.7 → 0.1 |');
    expect(stdout).toContain('| Answers | 1 \\(demo\\) | 1 \\(demo\\) |');
    expect(stdout).toContain('````diff');
  });

  it.each([
    [['main...HEAD'], /has 3 dots/],
    [['nowhere..HEAD'], /nowhere/],
    [['churn', '--json', '--markdown'], /cannot be combined/],
  ])('exits with 2 for %j', async (args, message) => {
    using repository = createRepository();
    const { code, stderr } = await repository.llmops('versions', 'diff', ...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});

describe('llmops versions restore', () => {
  it('writes a version into the file, and git sees an edit', async () => {
    using repository = createRepository();
    const { code, stdout } = await repository.llmops('versions', 'restore', `${CHURN}@HEAD~1`);
    expect(code).toBe(0);
    expect(stdout).toContain(`Restored ${CHURN} to`);
    expect(repository.read(CHURN)).toBe(churn(0.2));
    expect(repository.git('log', '--oneline').split('\n')).toHaveLength(2);
  });

  it('does not overwrite unsaved changes, and keeps a copy with --force', async () => {
    using repository = createRepository();
    repository.write(CHURN, churn(0.9));
    const refused = await repository.llmops('versions', 'restore', `${CHURN}@HEAD~1`);
    expect(refused.stderr).toContain('restoring would lose them');
    expect(refused.code).toBe(2);
    expect(repository.read(CHURN)).toBe(churn(0.9));
    const forced = await repository.llmops('versions', 'restore', `${CHURN}@HEAD~1`, '--force');
    expect(forced.code).toBe(0);
    expect(forced.stdout).toContain(`${CHURN}.before-restore-1`);
    expect(repository.read(CHURN)).toBe(churn(0.2));
    expect(repository.read(`${CHURN}.before-restore-1`)).toBe(churn(0.9));
  });

  it('asks for a version if none is named', async () => {
    using repository = createRepository();
    const { code, stderr } = await repository.llmops('versions', 'restore', CHURN);
    expect(stderr).toContain('does not specify a version to restore');
    expect(code).toBe(2);
  });
});

describe('llmops versions push and fetch', () => {
  it('send a label to a clone, and show what is sent before it is sent', async () => {
    using repository = createRepository();
    using other = createRepository();
    other.git('init', '-q', '--bare', 'remote.git');
    repository.git('remote', 'add', 'origin', path.join(other.folder, 'remote.git'));
    repository.git('push', '-q', 'origin', 'main');
    await repository.llmops('versions', 'label', 'churn', 'production');
    const plan = await repository.llmops('versions', 'push', '--dry-run');
    expect(plan.stderr).toBe('');
    expect(plan.stdout).toContain('production');
    expect(other.git('--git-dir', 'remote.git', 'for-each-ref', 'refs/llmops')).toBe('');
    expect((await repository.llmops('versions', 'push')).code).toBe(0);
    other.git('clone', '-q', 'remote.git', 'clone');
    const clone = path.join(other.folder, 'clone');
    const fetched = await llmops(['versions', 'fetch'], { cwd: clone, env: { HOME: other.folder } });
    expect(fetched.stdout).toContain('production');
    const run = await llmops(['run', 'churn@production', '--json'], { cwd: clone, env: { HOME: other.folder } });
    expect(run.code).toBe(0);
  });
});
