import type * as vscode from 'vscode';
import { isAbortError, toErrorInfo, UserError } from '../../core/base/errors.ts';
import type { Log } from '../../core/base/ports.ts';
import type { ParamChecks } from '../../protocol/checks.ts';
import type { Methods, RpcRequest } from '../../protocol/rpc.ts';

/** The handler of one method. `check` validates params that reach disk, network or git before `handle` is called. */
export interface Handler<Params, Result> {
  check(params: unknown): params is Params;
  handle(params: Params): Promise<Result> | Result;
}

export type Handlers<M extends Methods<M>> = { [Name in keyof M]: Handler<M[Name]['params'], M[Name]['result']> };

/** What each method does, without the checks of its params. */
export type Handles<M extends Methods<M>> = {
  [Name in keyof M]: Handler<M[Name]['params'], M[Name]['result']>['handle'];
};

/** Adds the check of its params to each method. */
export function withChecks<M extends Methods<M>>(handles: Handles<M>, checks: ParamChecks<M>): Handlers<M> {
  const names = Object.keys(handles) as (keyof M)[];
  return Object.fromEntries(
    names.map((name) => [name, { check: checks[name], handle: handles[name] }]),
  ) as unknown as Handlers<M>;
}

/**
 * Handles the requests of a webview. The request is rejected if its handler fails, its method is unknown, or its params
 * are invalid.
 */
export function serve<M extends Methods<M>>(
  webview: vscode.Webview,
  handlers: Handlers<M>,
  log: Log,
): vscode.Disposable {
  return webview.onDidReceiveMessage(async (message: RpcRequest) => {
    if (message?.kind !== 'request') return;
    const { id, method, params } = message;
    try {
      const value = await call(handlers, method, params);
      await webview.postMessage({ kind: 'reply', id, ok: true, value });
    } catch (error) {
      if (!(error instanceof UserError) && !isAbortError(error))
        log.error(`The panel's request ${method} failed`, error);
      await webview.postMessage({ kind: 'reply', id, ok: false, error: toErrorInfo(error) });
    }
  });
}

async function call<M extends Methods<M>>(handlers: Handlers<M>, method: string, params: unknown): Promise<unknown> {
  const handler = Object.hasOwn(handlers, method) ? handlers[method as keyof M] : undefined;
  if (!handler) throw new UserError(`Unknown request “${method}” from the panel.`, { code: 'internal' });
  if (!handler.check(params))
    throw new UserError(`The panel sent invalid parameters to “${method}”.`, { code: 'internal' });
  return handler.handle(params);
}
