import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { streamRegularFile } from '../../../src/core/base/files/read-file.ts';
import { checkCases } from '../../../src/core/evals/cases/check-cases.ts';
import { requireEvalSpec } from '../../../src/core/evals/file/eval-file.ts';
import { metricTable } from '../../unit/evals/metrics.ts';

const ROWS = 1_000_000;
/** The names of the cases take 32 MB; the rows themselves would take several hundred. */
const MOST_BYTES = 120 * 1024 * 1024;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'big-datasets-'));
  await pipeline(csvRows, createWriteStream(path.join(folder, 'big.csv')));
});
afterAll(() => rm(folder, { recursive: true }));

function* csvRows(): Generator<string> {
  yield '\ufeffquestion,expected\r\n';
  for (let row = 0; row < ROWS; row += 1000) {
    const lines = Array.from({ length: 1000 }, (_, index) => `"Question ${row + index},\r\nin two lines",${row}\r\n`);
    yield lines.join('');
  }
}

it('a million rows with line breaks in quotes are checked in constant memory', { timeout: 120_000 }, async () => {
  expect((await stat(path.join(folder, 'big.csv'))).size).toBeGreaterThan(40_000_000);
  const spec = await requireEvalSpec('prompts: [p]\ndataset: big.csv\n', path.join(folder, 'x.eval.yaml'), metricTable);
  const before = process.memoryUsage();
  let peak = 0;
  const watch = setInterval(() => {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    peak = Math.max(peak, heapUsed + arrayBuffers);
  }, 20);
  const { count, problems } = await checkCases(spec, { open: streamRegularFile, prompts: [] });
  clearInterval(watch);
  expect({ count, problems }).toEqual({ count: ROWS, problems: [] });
  expect(peak - before.heapUsed - before.arrayBuffers).toBeLessThan(MOST_BYTES);
});
