import { describe, expect, it, vi } from 'vitest';
import type { HostMessage, RpcRequest } from '../../../src/protocol/rpc.ts';
import { createEvaluation } from '../../../webview/evaluation/context.ts';
import { createRuns } from '../../../webview/runs/context.ts';
import { snapshot } from './evaluation/result.ts';

/** A host that holds its answers until they are asked for. */
function createHost() {
  const waiting: RpcRequest[] = [];
  const asked: string[] = [];
  let receive: (data: unknown) => void = () => {};
  const channel = {
    post(message: RpcRequest) {
      waiting.push(message);
      asked.push(message.method);
    },
    listen(listener: (data: unknown) => void) {
      receive = listener;
    },
  };
  return {
    channel,
    count: (method: string) => asked.filter((one) => one === method).length,
    send: (seq: number, type: string) =>
      receive({ kind: 'events', seq, sentAt: 0, events: [{ type }] } satisfies HostMessage<unknown>),
    async answer(method: string, value: unknown) {
      const [request] = waiting.splice(
        waiting.findIndex((one) => one.method === method),
        1,
      );
      receive({ kind: 'reply', id: request?.id, ok: true, value });
      await new Promise((resolve) => setTimeout(resolve, 0));
    },
  };
}

const aListing = (count: number) => ({
  list: 1,
  count,
  cases: count,
  places: { selection: [], active: 0, first: 0 },
  first: { from: 0, rows: [] },
  counts: { all: count },
  tags: [],
});

describe('what changes while the snapshot of a panel is on its way', () => {
  it('is in the list of cases, which may have been opened before', async () => {
    const { channel, send, answer, count } = createHost();
    const { start, list } = createEvaluation(channel);
    void start();
    await answer('list.open', aListing(21));
    send(1, 'cells');
    await answer('snapshot', { ...snapshot(), seq: 1 });
    await vi.waitFor(() => expect(count('list.open')).toBe(2));
    await answer('list.open', aListing(24));
    expect(list.get()?.count).toBe(24);
  });

  it('is in the list of cases after a lost batch', async () => {
    const { channel, send, answer, count } = createHost();
    const { start } = createEvaluation(channel);
    void start();
    await answer('list.open', aListing(21));
    await answer('snapshot', snapshot());
    expect(count('list.open')).toBe(1);
    send(2, 'trust');
    await answer('snapshot', { ...snapshot(), seq: 2 });
    await vi.waitFor(() => expect(count('list.open')).toBe(2));
  });

  it('is in the table of runs', async () => {
    const { channel, send, answer, count } = createHost();
    const { start, list } = createRuns(channel);
    void start();
    await answer('list.open', aListing(1));
    send(1, 'changed');
    await answer('snapshot', { seq: 1 });
    await vi.waitFor(() => expect(count('list.open')).toBe(2));
    await answer('list.open', aListing(2));
    expect(list.get()?.count).toBe(2);
  });
});
