import { isRecord } from '../../../shared/is-record.ts';
import type { Prompt } from '../prompt.ts';
import { describe } from './parameters.ts';

/** The keys for this tool under `llmops.`, except the models to compare. */
interface OwnKeys {
  /** A file with inputs, with its path as written in the prompt. */
  dataset?: string;
  /** The source of `@metadata.docs`. */
  rag?: RagKeys;
  cache?: { enabled: boolean; ttl?: CacheTtl };
}

interface RagKeys {
  /** The name of an index. */
  index: string;
  topK?: number;
  minScore?: number;
  /** The search query; by default, the prompt's first input. */
  query?: string;
}

/** How long a provider keeps a cached prompt, if it supports a choice. */
export const CACHE_TTLS = ['5m', '1h'] as const;
type CacheTtl = (typeof CACHE_TTLS)[number];

interface OwnKeyProblem {
  /** The key under `llmops.` and its parents. */
  path: string[];
  message: string;
}

/** Reads the tool's own keys; values of the wrong type are reported and ignored. */
export function readOwnKeys({ llmops = {} }: Prompt['ext']): { keys: OwnKeys; problems: OwnKeyProblem[] } {
  const keys: OwnKeys = {};
  const problems: OwnKeyProblem[] = [];
  const wrong = (path: string[], expected: string, value: unknown) => {
    problems.push({ path, message: `\`llmops.${path.join('.')}\` must be ${expected}, not ${describe(value)}.` });
  };
  const { dataset, rag, cache } = llmops;
  if (isText(dataset)) keys.dataset = dataset;
  else if (isGiven(dataset)) wrong(['dataset'], 'the path of a file', dataset);
  if (isText(rag)) keys.rag = { index: rag };
  else if (isRecord(rag)) keys.rag = readRag(rag, wrong);
  else if (isGiven(rag)) wrong(['rag'], 'the name of an index, or a map with `index`', rag);
  if (typeof cache === 'boolean') keys.cache = { enabled: cache };
  else if (isRecord(cache)) {
    keys.cache = { enabled: true };
    if (CACHE_TTLS.some((ttl) => ttl === cache.ttl)) keys.cache.ttl = cache.ttl as CacheTtl;
    else if (isGiven(cache.ttl)) wrong(['cache', 'ttl'], `one of ${CACHE_TTLS.join(', ')}`, cache.ttl);
  } else if (isGiven(cache)) wrong(['cache'], 'true, false or a map with `ttl`', cache);
  return { keys, problems };
}

type Wrong = (path: string[], expected: string, value: unknown) => void;

function readRag({ index, topK, minScore, query }: Record<string, unknown>, wrong: Wrong): RagKeys {
  const rag: RagKeys = { index: isText(index) ? index : '' };
  if (!isText(index)) wrong(['rag', 'index'], 'the name of an index', index);
  if (Number.isSafeInteger(topK) && Number(topK) > 0) rag.topK = Number(topK);
  else if (isGiven(topK)) wrong(['rag', 'topK'], 'an integer greater than 0', topK);
  if (typeof minScore === 'number' && minScore >= 0 && minScore <= 1) rag.minScore = minScore;
  else if (isGiven(minScore)) wrong(['rag', 'minScore'], 'a number from 0 to 1', minScore);
  if (isText(query)) rag.query = query;
  else if (isGiven(query)) wrong(['rag', 'query'], 'text', query);
  return rag;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
