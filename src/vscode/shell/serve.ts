import type * as vscode from 'vscode';
import { isAbortError, toErrorInfo, UserError } from '../../core/base/errors.ts';
import type { Log } from '../../core/base/ports.ts';
import type { ParamChecks } from '../../protocol/checks.ts';
import type { Methods, RpcRequest } from '../../protocol/rpc.ts';

/** What each method of a panel does, in the extension. */
export type Handlers<M extends Methods<M>> = { [Name in keyof M]: Handler<M[Name]['params'], M[Name]['result']> };

type Handler<Params, Result> = (params: Params) => Reply<[Result] extends [undefined] ? void : Result>;
type Reply<Result> = Result | Promise<Result>;

/**
 * Handles the requests of a webview. The request is rejected if its handler fails, its method is unknown, or its params
 * are invalid. They are checked first, because they reach disk, network or git.
 */
export function serve<M extends Methods<M>>(
  webview: vscode.Webview,
  { handlers, checks }: { handlers: Handlers<M>; checks: ParamChecks<M> },
  log: Log,
): vscode.Disposable {
  const call = (method: string, params: unknown) => {
    if (!Object.hasOwn(handlers, method)) {
      throw new UserError(`Unknown request “${method}” from the panel.`, { code: 'internal' });
    }
    const name = method as keyof M;
    if (checks[name](params)) return handlers[name](params);
    throw new UserError(`The panel sent invalid parameters to “${method}”.`, { code: 'internal' });
  };
  return webview.onDidReceiveMessage(async (message: RpcRequest) => {
    if (message?.kind !== 'request') return;
    const { id, method, params } = message;
    try {
      await webview.postMessage({ kind: 'reply', id, ok: true, value: await call(method, params) });
    } catch (error) {
      if (!(error instanceof UserError) && !isAbortError(error))
        log.error(`The panel's request ${method} failed`, error);
      await webview.postMessage({ kind: 'reply', id, ok: false, error: toErrorInfo(error) });
    }
  });
}
