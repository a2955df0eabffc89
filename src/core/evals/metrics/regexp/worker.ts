import { serveWorker } from '../../../base/worker-rpc.ts';

interface Search {
  pattern: string;
  flags: string;
  text: string;
}

// Nothing else runs here: a search that takes too long is ended with its thread.
serveWorker((_method, params) => {
  const { pattern, flags, text } = params as Search;
  return new RegExp(pattern, flags).test(text);
});
