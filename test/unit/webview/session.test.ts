import { describe, expect, it } from 'vitest';
import type { CompareEvent, CompareSnapshot } from '../../../src/protocol/compare.ts';
import type { HostMessage, RpcRequest } from '../../../src/protocol/rpc.ts';
import { createSession } from '../../../webview/compare/session.ts';
import { aColumn, aRun, aSnapshot, textDelta } from '../../ui/webview-harness/snapshots.ts';

function openSession() {
  const requests: RpcRequest[] = [];
  let receive: (data: unknown) => void = () => {};
  const session = createSession({
    post: (message) => requests.push(message),
    listen: (listener) => {
      receive = listener;
    },
  });
  return {
    session,
    requests,
    receive: (data: unknown) => receive(data),
    send(seq: number, events: CompareEvent[]) {
      const message: HostMessage<CompareEvent> = { kind: 'events', seq, sentAt: 0, events };
      receive(message);
    },
    async answer(value: CompareSnapshot) {
      receive({ kind: 'reply', id: requests.at(-1)?.id, ok: true, value });
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

const snapshot = (seq: number, text = 'one') =>
  aSnapshot([aColumn('a', 'demo/swift', { runs: [aRun({ runId: 'r', state: 'streaming', text })] })], { seq });
const delta = (text: string) => textDelta('a', text, 'r');

describe('the session of the Compare panel', () => {
  it('joins the snapshot and the batches after it, and drops earlier ones', async () => {
    const { session, send, answer } = openSession();
    void session.start();
    send(3, [delta(' lost if applied')]);
    await answer(snapshot(3));
    send(3, [delta(' old')]);
    send(4, [delta(' two')]);
    expect(session.texts.get('r', 'text')).toBe('one two');
  });

  it('requests a new snapshot once when a batch is missing, and continues from it', async () => {
    const { session, send, answer, requests } = openSession();
    void session.start();
    await answer(snapshot(0));
    send(2, [delta(' x')]);
    send(3, [delta(' y')]);
    expect(requests.map(({ method }) => method)).toEqual(['snapshot', 'snapshot']);
    await answer(snapshot(3, 'one x y'));
    send(4, [delta(' z')]);
    expect(session.texts.get('r', 'text')).toBe('one x y z');
  });

  it('notifies nobody of a text-only batch, and still detects the gap after it', async () => {
    const { session, send, answer, requests } = openSession();
    void session.start();
    await answer(snapshot(0));
    let calls = 0;
    session.state.subscribe(() => {
      calls += 1;
    });
    send(1, [delta(' two')]);
    send(2, [delta(' three')]);
    expect(calls).toBe(0);
    expect(session.texts.get('r', 'text')).toBe('one two three');
    send(4, [delta(' five')]);
    expect(requests.map(({ method }) => method)).toEqual(['snapshot', 'snapshot']);
  });

  it('keeps the reason when the host rejects a call, and does not change the state', async () => {
    const { session, receive, requests } = openSession();
    const started = session.start();
    receive({
      kind: 'reply',
      id: requests[0]?.id,
      ok: false,
      error: { code: 'store', message: 'The history is locked.' },
    });
    await started;
    expect(session.failure.get()).toEqual({ code: 'store', message: 'The history is locked.' });
    expect(session.state.get()).toBeUndefined();
  });

  it('ignores messages that are not from the host', async () => {
    const { session, receive, answer } = openSession();
    void session.start();
    for (const data of [undefined, 'text', 5, {}, { kind: 'other' }, { kind: 'reply', id: 99, ok: true }])
      receive(data);
    await answer(snapshot(0));
    expect(session.state.get()?.columns).toHaveLength(1);
  });

  it('drops the texts of runs that a new snapshot no longer has', async () => {
    const { session, send, answer } = openSession();
    void session.start();
    await answer(snapshot(0));
    send(9, []);
    await answer(aSnapshot([], { seq: 9 }));
    expect(session.texts.get('r', 'text')).toBe('');
  });
});
