import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHURN, type CliRepository, churn, createRepository } from './repository.ts';

/**
 * The output and exit code of every verb, stored in `test/fixtures/cli-output`: scripts read it. A change there affects
 * them. `npx vitest run --project=cli test/cli/output.test.ts -u` writes it again.
 */
let repository: CliRepository;

const TONE = 'prompts/_tone.prompt';
const REPLY = 'prompts/reply.prompt';

beforeAll(() => {
  repository = createRepository();
  repository.commit('Add a reply', {
    [TONE]: 'Be kind.\n',
    [REPLY]:
      '---\nmodel: demo/balanced\ninput:\n  schema:\n    plan: string\n    years?: integer\noutput:\n  schema:\n    risk: number\n---\n{{> tone}} How likely does {{plan}} leave?\n',
    'data/customers.csv': 'plan,years,note\nGold,3,x\nFree,1,y\n',
  });
  repository.write('broken.prompt', '---\nmodel: demo/swift\n---\nHello {{#if x}}{{name}\n');
  repository.write('chat.json', JSON.stringify({ messages: [{ role: 'user', content: 'Hello {{name}}' }] }));
  repository.git('init', '-q', '--bare', 'remote.git');
  repository.git('remote', 'add', 'origin', 'remote.git');
});
afterAll(() => repository[Symbol.dispose]());

/** Runs the command lines one after another; a function before a line changes the workspace first. */
async function record(lines: readonly (string | (() => void))[]): Promise<string> {
  const shown: string[] = [];
  for (const line of lines) {
    if (typeof line === 'string') shown.push(await show(line));
    else line();
  }
  return shown.join('\n');
}

/** Command lines that change nothing, a few at a time. */
async function recordTogether(lines: readonly string[]): Promise<string> {
  const shown: string[] = [];
  const rest = [...lines.entries()];
  const work = async () => {
    for (let next = rest.shift(); next; next = rest.shift()) shown[next[0]] = await show(next[1]);
  };
  await Promise.all([work(), work(), work(), work()]);
  return shown.join('\n');
}

async function show(line: string): Promise<string> {
  const { code, stdout, stderr } = await repository.llmops(...argumentsOf(line));
  const parts = [`$ llmops ${line}`, stdout, stderr && `stderr:\n${stderr}`, `exit ${code}\n`];
  return anonymous(
    parts
      .filter(Boolean)
      .map((part) => part.replace(/\n?$/, '\n'))
      .join(''),
  );
}

/** Words, and words in double quotes with spaces. */
function argumentsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/**
 * Replaces everything that differs between runs or machines with a placeholder. An answer in one piece, as on a busy
 * machine, has no speed, and gets the placeholder of one.
 */
function anonymous(text: string): string {
  return text
    .replace(/(?:^\{"type":"(?:text-delta|run-figures)".*\n)+/gm, '{"type":"text-delta"…}\n')
    .replaceAll(repository.folder, 'WORKSPACE')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID')
    .replace(/\bcli\/\d+\/UUID\/[\w.-]+/g, 'cli/PID/UUID/HOST')
    .replace(/(?<![.\d])\b[0-9a-f]{7,64}\b/g, 'HASH')
    .replace(/"(ttftMs|elapsedMs|tokensPerSecond|fetchedAt|ms|at)": ?(?:[\d.e+-]+|"[^"]*")/g, '"$1": N')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\d{4}-\d\d-\d\d/g, 'DATE')
    .replace(/[\d.:]+( ?ms| s| min|\/s| tok\/s)(?![\w/])/g, 'N$1')
    .replace(/ {3,}/g, '  ')
    .replace(/(?<=N s {2}N s {2})—/g, 'N tok/s')
    .replace(/(?<=N s total)(?! · N tok\/s)/g, ' · N tok/s')
    .replace(/─{3,}/g, '──');
}

const fixture = (name: string) => `../fixtures/cli-output/${name}.txt`;

describe('the output of the command line', { timeout: 180_000 }, () => {
  it('for help', async () => {
    const verbs = [
      '',
      'run',
      'score',
      'import',
      'check',
      'models',
      'prices',
      'prices show',
      'prices update',
      'versions',
      'eval',
      ...['compare', 'list', 'show', 'delete', 'pin'].map((verb) => `eval ${verb}`),
    ];
    const versions = ['list', 'show', 'diff', 'save', 'label', 'restore', 'push', 'fetch'];
    const all = [...verbs, ...versions.map((verb) => `versions ${verb}`)].map((verb) => `${verb} --help`.trim());
    const others = ['', 'prices', 'versions', 'help run', '--version'];
    await expect(await recordTogether([...all, ...others])).toMatchFileSnapshot(fixture('help'));
  });

  it('for invalid command lines', async () => {
    await expect(await recordTogether(WRONG)).toMatchFileSnapshot(fixture('wrong'));
  });

  it('for runs', async () => {
    await expect(`${await recordTogether(RUNS)}\n${await record(RECORDED)}`).toMatchFileSnapshot(fixture('run'));
  });

  it('for checks, imports, models and prices', async () => {
    await expect(await record(OTHERS)).toMatchFileSnapshot(fixture('others'));
  });

  it('for versions', async () => {
    await expect(await record(VERSIONS)).toMatchFileSnapshot(fixture('versions'));
  });
});

const WRONG = [
  'fly',
  '--fly',
  'run',
  'run --fly',
  `run ${CHURN} ${REPLY}`,
  `run ${CHURN} --row 0`,
  `run ${CHURN} --row 1.5`,
  `run ${CHURN} --repeat 1001`,
  `run ${CHURN} --repeat two`,
  `run ${CHURN} --timeout 0`,
  `run ${CHURN} --timeout 90000`,
  `run ${CHURN} --row 2`,
  `run ${CHURN} --model`,
  `run ${CHURN} --model swift`,
  `run ${CHURN} --model demo/swift --model demo/balanced --stream`,
  `run ${CHURN} --input plan`,
  `run ${REPLY}`,
  `run ${REPLY} --input plan=Gold --input years=many`,
  `run ${REPLY} --input plan:={`,
  `run ${REPLY} --input-file none.csv`,
  `run ${REPLY} --input-file data/customers.csv --row 9`,
  `run ${REPLY} --input-file data/customers.csv --strict`,
  'run none.prompt',
  'run broken.prompt',
  'run data/customers.csv',
  `run ${CHURN}@v9`,
  `run ${CHURN}@`,
  'check --format xml',
  'check none',
  'check data/customers.csv',
  'import',
  'import none.json',
  'import chat.json --format none',
  'import data',
  'models none',
  'models demo other',
  'prices fly',
  'prices show more',
  'prices update --url none',
  'versions fly',
  'versions list',
  'versions list churn --limit 0',
  'versions list none',
  'versions show',
  'versions diff churn --json --markdown',
  'versions diff HEAD...main',
  'versions save churn@HEAD',
  'versions save churn --author Ada',
  'versions save churn --label a^b',
  'versions label churn --remove',
  'versions label churn --history',
  'versions restore churn',
  'versions restore churn v1',
  'versions push --remote none',
  'versions fetch --keep both',
];

/** Nothing of them is recorded, so their order does not matter. */
const RUNS = [
  `run ${CHURN} --json`,
  `run ${CHURN} --stream`,
  `run ${CHURN} --stream --json`,
  `run ${CHURN} --model demo/swift --model demo/balanced`,
  `run ${CHURN} --model demo/swift --model demo/balanced --json`,
  `run ${CHURN} --repeat 2`,
  'run churn@main --json',
  `run ${REPLY} --input plan=Gold --input years:=3`,
  `run ${REPLY} --input-file data/customers.csv --row 2`,
  `run ${REPLY} --input-file data/customers.csv --json`,
].map((line) => `${line} --no-record`);

const RECORDED = [`run ${CHURN}`, `run ${CHURN}@HEAD~1`, `--verbose run ${REPLY} --input plan=Gold`];

const OTHERS = [
  'check',
  'check --format json',
  'check --format sarif',
  `check ${CHURN} churn@main`,
  'import chat.json --dry-run',
  'import chat.json',
  'import chat.json --out more',
  'import chat.json none.json',
  'models demo',
  'models demo --json',
  'models openai',
  'models',
  'prices show',
  'prices show --json',
  'prices update --url https://127.0.0.1:9/prices.json',
];

const VERSIONS = [
  'versions list churn',
  'versions list churn --json',
  'versions show churn',
  'versions show churn@main --json',
  `versions diff`,
  `versions save ${CHURN}`,
  () => repository.write(CHURN, churn(0.9)),
  'versions diff',
  'versions diff churn',
  'versions diff churn --json',
  'versions diff --markdown',
  `versions save ${CHURN} -m Hotter --label staging --why "To be tried"`,
  () => repository.write(CHURN, churn(0.4, 'Say goodbye.')),
  'versions save churn --json',
  'versions list churn',
  'versions list churn --limit 1 --json',
  'versions diff churn@v1..v2',
  'versions diff HEAD~2..HEAD',
  'versions label churn',
  'versions label churn@v1 production --why "It is good"',
  'versions label churn@v2 production --json',
  'versions label churn production --history',
  'versions label churn production --history --json',
  'versions label churn staging --remove',
  'versions label churn --json',
  () => repository.write(CHURN, churn(0.5)),
  'versions restore churn@v1',
  'versions restore churn@v1 --force',
  'versions restore churn@v2 --json',
  'versions push --dry-run',
  'versions push --dry-run --json',
  'versions push',
  'versions push --json',
  'versions fetch',
  'versions fetch --json',
];
