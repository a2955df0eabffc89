interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** Can only be acquired once per page, so it is called only here. */
export const vscodeApi: VsCodeApi = acquireVsCodeApi();

/** The message channel to the host. */
export const hostChannel = {
  post: (message: unknown) => vscodeApi.postMessage(message),
  listen: (receive: (data: unknown) => void) => window.addEventListener('message', ({ data }) => receive(data)),
};
