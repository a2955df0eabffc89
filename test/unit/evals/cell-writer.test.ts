import { expect, it, vi } from 'vitest';
import { UserError } from '../../../src/core/base/errors.ts';
import { CellWriter, type WrittenCell } from '../../../src/core/evals/run/cell-writer.ts';

const cell = (id: string) => ({ cell: undefined, entry: { id } }) as unknown as WrittenCell;
const idsOf = (batch: readonly WrittenCell[]) => batch.map(({ entry }) => entry?.id);

it('writes cells that finish together as one batch, and those that finish meanwhile as the next one', async () => {
  const batches: unknown[] = [];
  const writer = new CellWriter({
    async write(batch) {
      batches.push(idsOf(batch));
      if (batches.length === 1) void writer.add(cell('c'));
    },
    onTrouble: () => expect.unreachable(),
    onRecovered: () => expect.unreachable(),
    onGivenUp: () => expect.unreachable(),
    patienceMs: undefined,
  });
  await Promise.all([writer.add(cell('a')), writer.add(cell('b'))]);
  await writer.flush();
  expect(batches).toEqual([['a', 'b'], ['c']]);
});

it('keeps everything while the database cannot be written, and says so once', async () => {
  vi.useFakeTimers();
  const written: unknown[] = [];
  const told: string[] = [];
  let failures = 3;
  const writer = new CellWriter({
    async write(batch) {
      failures -= 1;
      if (failures >= 0) throw new UserError('The disk is full.', { code: 'store' });
      written.push(...idsOf(batch));
    },
    onTrouble: ({ message }) => told.push(message),
    onRecovered: () => told.push('recovered'),
    onGivenUp: () => expect.unreachable(),
    patienceMs: undefined,
  });
  await writer.add(cell('a'));
  const flushed = writer.flush();
  await vi.advanceTimersByTimeAsync(10_000);
  await flushed;
  vi.useRealTimers();
  expect(written).toEqual(['a']);
  expect(told).toEqual(['The disk is full.', 'recovered']);
});

it('fails with what cannot be repaired by waiting, and says so to who waits', async () => {
  const givenUp: unknown[] = [];
  const writer = new CellWriter({
    async write() {
      throw new UserError('A newer version wrote this.', { code: 'store-newer' });
    },
    onTrouble: () => {},
    onRecovered: () => expect.unreachable(),
    onGivenUp: (error) => givenUp.push(error),
    patienceMs: undefined,
  });
  await writer.add(cell('a'));
  await expect(writer.flush()).rejects.toMatchObject({ code: 'store-newer' });
  await expect(writer.add(cell('b'))).rejects.toMatchObject({ code: 'store-newer' });
  expect(givenUp).toEqual([expect.objectContaining({ code: 'store-newer' })]);
});
