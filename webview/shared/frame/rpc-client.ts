import type { ErrorInfo, HostMessage, Methods, RpcRequest } from '../../../src/protocol/rpc.ts';

/** A failed call, with the error information for the user. */
class CallError extends Error {
  override name = 'CallError';
  readonly info: ErrorInfo;

  constructor(info: ErrorInfo) {
    super(info.message);
    this.info = info;
  }
}

/** The error information of a failed call. */
export function errorOf(error: unknown): ErrorInfo {
  if (error instanceof CallError) return error.info;
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}

export interface RpcClient<M extends Methods<M>> {
  call<K extends keyof M & string>(method: K, params: M[K]['params']): Promise<M[K]['result']>;
}

export interface RpcOptions<Event> {
  post(message: RpcRequest): void;
  /** Calls back with each message. Messages that are not from the host are ignored. */
  listen(receive: (data: unknown) => void): void;
  onEvents(seq: number, events: Event[]): void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: CallError): void;
}

/** The typed end of the webview's channel. Each request gets one reply; events are passed on. */
export function createRpcClient<M extends Methods<M>, Event>(options: RpcOptions<Event>): RpcClient<M> {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  options.listen((data) => {
    if (!isHostMessage<Event>(data)) return;
    if (data.kind === 'events') return options.onEvents(data.seq, data.events);
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.ok) call?.resolve(data.value);
    else call?.reject(new CallError(data.error));
  });
  return {
    call<K extends keyof M & string>(method: K, params: M[K]['params']) {
      lastId += 1;
      const id = lastId;
      return new Promise<M[K]['result']>((resolve, reject) => {
        waiting.set(id, { resolve: (value) => resolve(value as M[K]['result']), reject });
        options.post({ kind: 'request', id, method, params });
      });
    },
  };
}

function isHostMessage<Event>(data: unknown): data is HostMessage<Event> {
  if (typeof data !== 'object' || data === null || !('kind' in data)) return false;
  return data.kind === 'reply' || data.kind === 'events';
}
