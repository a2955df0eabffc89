import path from 'node:path';
import { expect, it } from 'vitest';
import { createAttackRepository, EVIL, proveAttack } from '../integration/versions/git/attack-repository.ts';
import { llmops } from './cli.ts';

// A clone whose commit contains a folder that is a git directory with programs in its configuration.

const VERBS: [args: string[], code: number][] = [
  [['check'], 0],
  [['check', 'a.prompt'], 0],
  [['check', 'a.prompt@HEAD'], 0],
  [['run', 'a.prompt'], 0],
  [['run', 'a.prompt@HEAD', '--json'], 0],
  [['run', 'prompts/evil/a', '--no-record'], 0],
  [['versions', 'list', 'a.prompt', '--all'], 0],
  [['versions', 'show', 'a.prompt@HEAD'], 0],
  [['versions', 'diff'], 0],
  [['versions', 'diff', 'HEAD~1..HEAD'], 0],
  [['versions', 'diff', 'a.prompt'], 0],
  [['versions', 'save', 'a.prompt', '-m', 'Save'], 0],
  [['versions', 'label', 'a.prompt@v1', 'production'], 0],
  [['versions', 'label', 'a.prompt', 'production', '--history'], 0],
  [['versions', 'restore', 'a.prompt@HEAD~1'], 0],
  [['versions', 'push', '--dry-run'], 0],
  [['versions', 'push'], 0],
  [['versions', 'fetch'], 0],
  [['models', 'demo'], 0],
];

it('no command runs anything that a commit contains, from the root or from inside the folder', async () => {
  using attack = createAttackRepository();
  const { clone, ran } = attack;
  proveAttack(attack);
  const env = { HOME: clone.env.HOME ?? '', XDG_CONFIG_HOME: clone.env.XDG_CONFIG_HOME ?? '' };
  for (const [args, code] of VERBS) {
    const inside = await llmops(args, { cwd: path.join(clone.root, EVIL), env });
    expect([args.join(' '), ran(), inside.code, inside.code === code ? '' : inside.stderr]).toEqual([
      args.join(' '),
      [],
      code,
      '',
    ]);
  }
  for (const args of [
    ['run', `${EVIL}/a.prompt`],
    ['run', `${EVIL}/a.prompt@HEAD`],
    ['check', `${EVIL}/a.prompt@v1`],
    ['versions', 'list', `${EVIL}/a.prompt`],
  ]) {
    const named = await llmops(args, { cwd: clone.root, env });
    expect([args.join(' '), ran(), named.code]).toEqual([args.join(' '), [], 0]);
  }
  // connections and database are those of the nearest folder, the repository is the one around it
  expect(clone.git('status', '--porcelain', '--ignored', '--', EVIL)).toContain(`!! ${EVIL}/.llmops/`);
  expect(clone.git('tag', '--list', 'prompt/*')).toBe('prompt/prompts%2Fevil%2Fa/v1');
}, 180_000);
