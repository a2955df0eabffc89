// The cost of the language features on a prompt of 2,000 lines with 250 expressions, and on a workspace of 1,000 prompts.
import { Dotprompt } from 'dotprompt';
import { analyzePrompt } from '../../src/core/language/analysis/analyze.ts';
import { completePrompt } from '../../src/core/language/completion/completion.ts';
import { checkPrompt } from '../../src/core/language/diagnostics/check-prompt.ts';
import { checkWorkspace } from '../../src/core/language/diagnostics/check-workspace.ts';
import { hoverAt } from '../../src/core/language/navigation/hover.ts';
import { semanticTokens } from '../../src/core/language/navigation/semantic-tokens.ts';
import { parseTree } from '../../src/core/language/syntax/parse-tree.ts';
import { WorkspaceIndex } from '../../src/core/language/workspace/workspace-index.ts';
import { parsePrompt } from '../../src/core/prompts/parse.ts';
import { largePrompt, partialsOfLarge } from './large-prompt.ts';

const PROMPTS = 1000;
const BATCHES = 40;
const HOVERS = 200;

function report(name: string, value: number, unit: string, target?: string): void {
  console.log(JSON.stringify({ name, value: Number(value.toPrecision(3)), unit, ...(target && { target }) }));
}

/** Milliseconds of this thread's CPU time: on a busy machine, wall-clock time includes other processes. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

const quantile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

/** The processor's clock ticks every 4 ms on some systems: batches make the median finer. The p95 is of single runs. */
function measure(work: (round: number) => void, repeat = 10): { median: number; p95: number } {
  for (let round = 0; round < 50; round++) work(round);
  const batches: number[] = [];
  const times: number[] = [];
  for (let round = 0; round < BATCHES * repeat; ) {
    const start = threadMs();
    for (let time = 0; time < repeat; time++) {
      const began = performance.now();
      work(1000 + round++);
      times.push(performance.now() - began);
    }
    batches.push((threadMs() - start) / repeat);
  }
  return { median: quantile(batches, 0.5), p95: quantile(times, 0.95) };
}

async function measureOne(): Promise<void> {
  const large = largePrompt();
  // every round reads another text, like every key press
  const source = (round: number) => large.replace('0.3', `0.${round + 1}`);
  const index = new WorkspaceIndex(() => ['/w']);
  for (const [name, text] of partialsOfLarge()) index.setPrompt(`/w/${name}`, text);
  const dotprompt = new Dotprompt();
  await measureFeatures(large);
  const check = measure((round) => void checkPrompt(source(round), { path: '/w/large.prompt', workspace: index }));
  report('parse and all diagnostics, 2,000 lines, median', check.median, 'ms', '<= 10');
  report('parse and all diagnostics, 2,000 lines, p95', check.p95, 'ms');
  report('tree and references, median', measure((round) => void analyzePrompt(source(round))).median, 'ms');
  const tree = measure((round) => void parseTree(source(round))).median;
  const own = measure((round) => void parsePrompt(source(round))).median;
  const theirs = measure((round) => void dotprompt.parse(source(round))).median;
  report('tree alone, median', tree, 'ms');
  report("dotprompt's own parse, median (front matter only)", theirs, 'ms');
  report("tree / dotprompt's parse", tree / theirs, '×');
  report("prompt with its template / dotprompt's parse", own / theirs, '×');
}

/** On an existing tree, as for the editor's documents. */
async function measureFeatures(source: string): Promise<void> {
  const prompt = analyzePrompt(source);
  const offset = source.indexOf('{{field_120') + 4;
  const complete = measure(() => void completePrompt(prompt, offset), 50);
  report('completion, median', complete.median, 'ms', '<= 5');
  report('semantic tokens, median', measure(() => void semanticTokens(prompt), 50).median, 'ms', '<= 5');
  const start = threadMs();
  for (let round = 0; round < HOVERS; round++) await hoverAt(prompt, offset);
  report('hover of a variable, mean', (threadMs() - start) / HOVERS, 'ms', '<= 5');
}

function workspacePrompt(i: number): string {
  const fields = Array.from({ length: 6 }, (_, field) => `    field_${field}: string, the field ${field}`).join('\n');
  const lines = Array.from({ length: 30 }, (_, line) => `Line ${line} of prompt ${i} has {{field_${line % 6}}} in it.`);
  const head = `---\nmodel: demo/swift\ninput:\n  schema:\n${fields}\n---\n{{role "user"}}\n`;
  return `${head}{{> part_${i % 20} tone="kind"}}\n${lines.join('\n')}`;
}

function measureWorkspace(): void {
  const sources = Array.from({ length: PROMPTS }, (_, i) => workspacePrompt(i));
  const start = threadMs();
  const index = new WorkspaceIndex(() => ['/w']);
  for (let i = 0; i < 20; i++) index.setPrompt(`/w/_part_${i}.prompt`, 'Write in a {{tone}} tone.');
  for (const [i, source] of sources.entries()) index.setPrompt(`/w/prompts/p${i}.prompt`, source);
  const found = [...checkWorkspace(index)].reduce((sum, { diagnostics }) => sum + diagnostics.length, 0);
  report('workspace of 1,000 prompts, first check', threadMs() - start, 'ms', '<= 1500');
  if (found > 0) throw new Error(`The workspace was to be right, and has ${found} findings.`);
  const changed = threadMs();
  const paths = index.setPrompt('/w/_part_3.prompt', 'Write in a {{tone}} tone, briefly.');
  for (const _ of checkWorkspace(index, { paths }));
  report('files checked again after a partial changed', paths.length, 'files', `<= ${PROMPTS / 20 + 1}`);
  report('check after a partial changed', threadMs() - changed, 'ms');
}

// first, as in a new process: nothing is compiled yet
measureWorkspace();
await measureOne();
