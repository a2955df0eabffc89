interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** VS Code lends this once a page; a second call throws, so it is called here alone. */
export const vscodeApi: VsCodeApi = acquireVsCodeApi();

/** The way to the host and back. */
export const hostChannel = {
  post: (message: unknown) => vscodeApi.postMessage(message),
  listen: (receive: (data: unknown) => void) => window.addEventListener('message', ({ data }) => receive(data)),
};
