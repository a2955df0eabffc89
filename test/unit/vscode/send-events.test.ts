import { expect, it } from 'vitest';
import { eventSender } from '../../../src/vscode/shell/panels/send-events.ts';

/** The two ends of a webview's channel. `isShown` is false for a page that VS Code has unloaded. */
function openChannel(isShown = true) {
  const posted: unknown[] = [];
  const listeners: ((message: unknown) => void)[] = [];
  const send = eventSender<string>({
    postMessage: async (message) => {
      posted.push(message);
      return isShown;
    },
    onDidReceiveMessage: (listener) => {
      listeners.push(listener);
      return { dispose() {} };
    },
  });
  const done: number[] = [];
  return {
    posted,
    done,
    send: (seq: number) => send(seq, ['event']).then(() => done.push(seq)),
    report: (message: unknown) => {
      for (const listener of listeners) listener(message);
      return new Promise((resolve) => setImmediate(resolve));
    },
  };
}

it('resolves when the page has drawn the batch or a later one', async () => {
  const { posted, done, send, report } = openChannel();
  for (const seq of [1, 2, 3]) void send(seq);
  await report({ kind: 'request', id: 1, method: 'snapshot' });
  expect(done).toEqual([]);
  expect(posted).toMatchObject([{ kind: 'events', seq: 1, events: ['event'] }, { seq: 2 }, { seq: 3 }]);
  await report({ kind: 'drawn', seq: 2 });
  expect(done).toEqual([1, 2]);
  await report({ kind: 'drawn', seq: 3 });
  expect(done).toEqual([1, 2, 3]);
});

it('does not wait for a page that cannot receive the batch', async () => {
  const { done, send } = openChannel(false);
  await send(1);
  expect(done).toEqual([1]);
});
