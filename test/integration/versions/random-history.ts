import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { TemporaryRepository } from './temporary-repository.ts';

/** How commits are dated: a minute apart, many in one second, or by wrong clocks. */
export type Clock = 'steady' | 'ties' | 'skewed';

export interface RandomHistoryOptions {
  seed: number;
  commits: number;
  clock: Clock;
}

export interface RandomHistory {
  /** Refs of branches; the first is HEAD's. */
  branches: string[];
  /** Paths of prompts at HEAD. */
  prompts: string[];
  tags: { commit: string; path: string }[];
  labels: { commit: string; path: string }[];
}

interface Prompt {
  path: string;
  edit: number;
  calls: string[];
  executable: boolean;
  gone: boolean;
}

interface State {
  prompts: Prompt[];
  /** Texts of partials by path. */
  partials: Record<string, string>;
  notes: number;
}

interface Made {
  parents: number[];
  state: State;
  date: number;
}

const PROMPTS = 3;
const FOLDERS = ['', 'prompts/', 'prompts/mail/', 'other/'];
const PARTIALS = ['tone', 'rules', 'deep'];
const START = 1_700_000_000;

/** Branches, all kinds of merges, renames, partials that hide each other, changed modes, cherry-picks and reverts. */
export function makeRandomHistory(repository: TemporaryRepository, options: RandomHistoryOptions): RandomHistory {
  changes = 0;
  const random = createRandom(options.seed);
  const commits = grow(random, options);
  const { heads, made } = commits;
  const hashes = importCommits(repository, commits);
  const [main = 0] = heads;
  const refs = addRefs(repository, { random, made, hashes });
  repository.git('checkout', '-q', '-f', 'main');
  return {
    branches: heads.map((_, index) => (index === 0 ? 'main' : `side-${index}`)),
    prompts: made[main]!.state.prompts.filter(({ gone }) => !gone).map(({ path }) => path),
    ...refs,
  };
}

interface Random {
  below(limit: number): number;
  chance(share: number): boolean;
  pick<T>(list: readonly T[]): T;
}

/** Mulberry32: the same history for the same seed on every machine. */
function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    below: (limit) => Math.floor(next() * limit),
    chance: (share) => next() < share,
    pick: (list) => list[Math.floor(next() * list.length)]!,
  };
}

interface Grown {
  made: Made[];
  heads: number[];
}

function grow(random: Random, { commits, clock }: RandomHistoryOptions): Grown {
  const made: Made[] = [{ parents: [], state: firstState(), date: START }];
  const heads = [0];
  while (made.length < commits) {
    const at = random.below(heads.length);
    const head = heads[at]!;
    if (heads.length < 4 && random.chance(0.08)) heads.push(random.chance(0.8) ? head : random.below(made.length));
    const others = heads.filter((other) => other !== head && !ancestorsOf(made, head).has(other));
    const date = dateOf(random, clock, made.length);
    if (others.length > 0 && random.chance(0.18)) {
      const from = random.chance(0.1) ? others.slice(0, 2) : [random.pick(others)];
      made.push({ parents: [head, ...from], state: joined(random, made, [head, ...from]), date });
    } else {
      made.push({ parents: [head], state: changed(random, made, head), date });
    }
    heads[at] = made.length - 1;
  }
  return { made, heads };
}

function dateOf(random: Random, clock: Clock, index: number): number {
  if (clock === 'steady') return START + index * 60;
  if (clock === 'ties') return START + Math.floor(index / 20) * 60;
  return START + index * 60 + (random.chance(0.3) ? random.below(20_000) - 10_000 : 0);
}

function firstState(): State {
  const prompts = Array.from({ length: PROMPTS }, (_, id): Prompt => {
    return { path: `prompts/p${id}.prompt`, edit: 0, calls: id === 2 ? [] : ['tone'], executable: false, gone: false };
  });
  const partials = { '_tone.prompt': 'tone 0\n', 'prompts/_rules.prompt': 'rules 0\n{{> deep}}\n' };
  return { prompts, partials, notes: 0 };
}

let changes = 0;

function changed(random: Random, made: readonly Made[], head: number): State {
  const state = structuredClone(made[head]!.state);
  const prompt = random.pick(state.prompts);
  changes += 1;
  const kind = random.below(20);
  if (kind < 6) edit(random, prompt);
  else if (kind < 9) changePartial(random, state);
  else if (kind < 12) rename(random, state, prompt);
  else if (kind < 13) prompt.executable = !prompt.executable;
  else if (kind < 14) prompt.gone = !prompt.gone && !isTaken(state, prompt.path);
  else if (kind < 16) pickOrRevert(random, { state, made, head });
  else if (kind < 18) prompt.calls = PARTIALS.filter(() => random.chance(0.4));
  else state.notes = changes;
  return state;
}

function edit(random: Random, prompt: Prompt): void {
  // sometimes an earlier text: a content that is restored
  prompt.edit = random.chance(0.2) ? random.below(4) : changes;
  prompt.gone = false;
}

function changePartial(random: Random, state: State): void {
  const path = `${random.pick(FOLDERS)}_${random.pick(PARTIALS)}.prompt`;
  const text = `${path.includes('rules') ? '{{> deep}}\n' : ''}${random.chance(0.3) ? 'as before' : `change ${changes}`}\n`;
  if (state.partials[path] !== undefined && random.chance(0.4)) delete state.partials[path];
  else state.partials[path] = text;
}

function isTaken(state: State, path: string): boolean {
  return state.prompts.some((prompt) => prompt.path === path && !prompt.gone);
}

function rename(random: Random, state: State, prompt: Prompt): void {
  const path = `${random.pick(FOLDERS)}${random.pick(['p0', 'p1', 'p2', 'new', 'newer'])}.prompt`;
  if (prompt.gone || isTaken(state, path)) return;
  prompt.path = path;
  if (random.chance(0.3)) edit(random, prompt);
}

/** Applies the change of another commit here too, or reverts an older one. */
function pickOrRevert(random: Random, { state, made, head }: { state: State; made: readonly Made[]; head: number }) {
  const isPick = random.chance(0.5);
  const pool = isPick ? made.map((_, index) => index) : [...ancestorsOf(made, head)];
  const other = made[random.pick(pool)]!;
  const [parent] = other.parents;
  if (parent === undefined) return;
  const [from, to] = isPick ? [made[parent]!.state, other.state] : [other.state, made[parent]!.state];
  apply(random, state, { from, to });
}

/** Where `to` differs from `from`, `state` becomes `to`; if both changed, the choice is random. */
function apply(random: Random, state: State, { from, to }: { from: State; to: State }): void {
  for (const [id, prompt] of state.prompts.entries()) {
    const [before, after] = [from.prompts[id]!, to.prompts[id]!];
    for (const key of ['path', 'edit', 'calls', 'executable', 'gone'] as const) {
      if (JSON.stringify(before[key]) === JSON.stringify(after[key])) continue;
      const isOurs = JSON.stringify(before[key]) === JSON.stringify(prompt[key]);
      if (key === 'path' && isTaken(state, after.path)) continue;
      if (key === 'gone' && !after.gone && isTaken(state, prompt.path)) continue;
      if (isOurs || random.chance(0.5)) Object.assign(prompt, { [key]: structuredClone(after[key]) });
    }
  }
  for (const path of new Set([...Object.keys(from.partials), ...Object.keys(to.partials)])) {
    if (from.partials[path] === to.partials[path]) continue;
    const text = to.partials[path];
    if (text === undefined) delete state.partials[path];
    else state.partials[path] = text;
  }
}

/** Like a git merge, or one side unchanged, or a merge with further edits. */
function joined(random: Random, made: readonly Made[], [head = 0, ...others]: number[]): State {
  const state = structuredClone(made[head]!.state);
  if (random.chance(0.1)) return state;
  if (random.chance(0.1)) return structuredClone(made[others[0]!]!.state);
  for (const other of others) {
    const ours = ancestorsOf(made, head);
    const base = Math.max(...[...ancestorsOf(made, other)].filter((commit) => ours.has(commit)));
    apply(random, state, { from: made[base]!.state, to: made[other]!.state });
  }
  if (random.chance(0.15))
    edit(random, random.pick(state.prompts.filter(({ path }) => !isTaken(state, path))) ?? state.prompts[0]!);
  return state;
}

/** Including itself. */
function ancestorsOf(made: readonly Made[], commit: number): Set<number> {
  const found = new Set([commit]);
  for (const one of found) for (const parent of made[one]!.parents) found.add(parent);
  return found;
}

function filesOf({ prompts, partials, notes }: State): { mode: string; path: string; text: string }[] {
  const files = prompts.flatMap((prompt, id) => {
    if (prompt.gone) return [];
    return [{ mode: prompt.executable ? '100755' : '100644', path: prompt.path, text: textOf(id, prompt) }];
  });
  const others = Object.entries({ ...partials, 'notes.txt': `${notes}\n` });
  return [...files, ...others.map(([path, text]) => ({ mode: '100644', path, text }))];
}

/** Long enough that an edited file is similar to itself, and to no other. */
function textOf(id: number, { edit, calls }: Prompt): string {
  const own = Array.from({ length: 30 }, (_, line) => `${'abc'[id]?.repeat(12)} of prompt ${id}, line ${line}\n`);
  return [...own, `Edit ${edit}.\n`, ...calls.map((name) => `{{> ${name}}}\n`)].join('');
}

function importCommits({ root, env, git }: TemporaryRepository, { made, heads }: Grown): string[] {
  const lines: string[] = [];
  for (const [index, { parents, state, date }] of made.entries()) {
    const [first, ...others] = parents;
    const message = `Change ${index}`;
    lines.push(`commit refs/heads/build\nmark :${index + 1}\ncommitter Ada <ada@example.org> ${date} +0000\n`);
    lines.push(`data ${message.length}\n${message}\n`);
    if (first !== undefined) lines.push(`from :${first + 1}\n`);
    for (const other of others) lines.push(`merge :${other + 1}\n`);
    lines.push('deleteall\n');
    for (const { mode, path, text } of filesOf(state)) {
      lines.push(`M ${mode} inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`);
    }
  }
  for (const [index, head] of heads.entries()) {
    lines.push(`reset refs/heads/${index === 0 ? 'main' : `side-${index}`}\nfrom :${head + 1}\n\n`);
  }
  lines.push(...made.map((_, index) => `get-mark :${index + 1}\n`));
  const output = execFileSync('git', ['fast-import', '--quiet', '--force'], { cwd: root, env, input: lines.join('') });
  git('branch', '-q', '-D', 'build');
  return output.toString().trim().split('\n');
}

interface Naming {
  random: Random;
  made: readonly Made[];
  hashes: readonly string[];
}

/** Saved versions and labels at commits that changed a prompt, and at commits that did not. */
function addRefs({ git }: TemporaryRepository, { random, made, hashes }: Naming) {
  const refs: Record<'tags' | 'labels', { commit: string; path: string }[]> = { tags: [], labels: [] };
  for (let count = 0; count < 12; count += 1) {
    const index = random.below(made.length);
    const { state } = made[index]!;
    const prompt = random.pick(state.prompts);
    if (prompt.gone) continue;
    const [commit, path] = [hashes[index]!, prompt.path];
    const name = path.replace(/\.prompt$/, '').replaceAll('/', '%2F');
    if (random.chance(0.6)) {
      const content = contentOf(state, state.prompts.indexOf(prompt));
      const message = `${name} v${count + 1}\n\nPrompt-Path: ${path}\nPrompt-Content: ${content}\n`;
      git('tag', '-a', `prompt/${name}/v${count + 1}`, '-m', message, commit);
      refs.tags.push({ commit, path });
    } else {
      const message = `Move\n\nLabel-Action: set\nPrompt-Path: ${path}\n`;
      const move = git('commit-tree', `${commit}^{tree}`, '-p', commit, '-m', message);
      git('update-ref', `refs/llmops/labels/${name}/label-${count}`, move);
      refs.labels.push({ commit, path });
    }
  }
  return refs;
}

/** The content hash of a saved version's tag, from the state alone. */
function contentOf(state: State, id: number): string {
  const prompt = state.prompts[id]!;
  const source = textOf(id, prompt);
  const found = new Map<string, string>();
  const folder = prompt.path.includes('/') ? prompt.path.slice(0, prompt.path.lastIndexOf('/')) : '';
  const above = folder.split('/').map((_, index, parts) => parts.slice(0, parts.length - index).join('/'));
  const folders = [...new Set([...above.map((one) => (one === '' ? '' : `${one}/`)), ''])];
  for (const name of PARTIALS) {
    const text = folders.map((one) => state.partials[`${one}_${name}.prompt`]).find((one) => one !== undefined);
    if (text !== undefined) found.set(name, text);
  }
  const used = new Set(prompt.calls.filter((name) => found.has(name)));
  for (const name of used) if (found.get(name)?.includes('{{> deep}}') && found.has('deep')) used.add('deep');
  const sha = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
  if (used.size === 0) return sha(source);
  return sha(`\0${JSON.stringify([source, ...[...used].sort().map((name) => [name, found.get(name)])])}`);
}
