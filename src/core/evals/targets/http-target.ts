import { abortError, sleep } from '../../base/abort.ts';
import { ProviderError, toErrorInfo, UserError } from '../../base/errors.ts';
import { parseJson } from '../../base/json/json-depth.ts';
import type { Fetch } from '../../base/ports.ts';
import { createRetryBudget } from '../../base/retry.ts';
import { createRedactor, mapStrings, type Redactor } from '../../base/secrets/redact.ts';
import { createBodyMeter, LONGEST_ANSWER_BYTES } from '../../models/transport/body-limit.ts';
import type { HttpTarget, TargetSpec } from '../file/eval-spec.ts';
import type { Answerer } from '../run/answerer.ts';
import { fillBody } from './body-template.ts';
import { badAnswer, explainStatus, lateAnswer, redirected, toTargetError } from './http-errors.ts';
import { readJsonPath } from './json-path.ts';
import { type TargetPorts, targetInputs } from './open-target.ts';
import { type AnswerParts, readTargetAnswer, type TargetAnswer } from './read-target-answer.ts';
import { failedAnswer, givenAnswer } from './target-answers.ts';

type HttpTargetSpec = Extract<TargetSpec, { http: HttpTarget }>;

/** A server that answers each case. Its secrets are sent to its own origin only, and removed from what it answers. */
export async function openHttpTarget(spec: HttpTargetSpec, ports: TargetPorts): Promise<Answerer> {
  const { name, http } = spec;
  const server = { name: `the target ${name}`, url: http.url, headers: http.headers };
  const { headers, secrets } = await ports.models.serverHeaders(server);
  const { fetch } = await ports.network();
  const client = new Client(spec, { fetch, headers, redactor: createRedactor(secrets) });
  return {
    async answer(evalCase, _repeat, signal) {
      const inputs = targetInputs(evalCase);
      const retries = createRetryBudget(ports.maxRetries);
      for (;;) {
        const at = ports.now();
        const started = performance.now();
        try {
          const answer = await client.ask(inputs, signal);
          return givenAnswer(answer, { at, latencyMs: performance.now() - started });
        } catch (error) {
          if (signal.aborted) throw abortError();
          const { retryable, retryAfterMs } = error instanceof ProviderError ? error : { retryable: false };
          const next = retryable ? retries.next(retryAfterMs) : undefined;
          if (!next) return failedAnswer(toErrorInfo(error), { at, latencyMs: performance.now() - started });
          await sleep(next.waitMs, signal);
        }
      }
    },
  };
}

interface ClientPorts {
  fetch: Fetch;
  /** With secrets. */
  headers: Record<string, string>;
  redactor: Redactor;
}

class Client {
  readonly #spec: HttpTargetSpec;
  readonly #ports: ClientPorts;

  constructor(spec: HttpTargetSpec, ports: ClientPorts) {
    this.#spec = spec;
    this.#ports = ports;
  }

  /** Throws an error that names the target, and has no secret. */
  async ask(inputs: Record<string, unknown>, signal: AbortSignal): Promise<TargetAnswer> {
    const { name, http, timeoutMs } = this.#spec;
    const late = AbortSignal.timeout(Math.min(timeoutMs, 2 ** 31 - 1));
    try {
      const text = await this.#request(inputs, AbortSignal.any([signal, late]));
      return this.#read(text);
    } catch (error) {
      if (late.aborted) throw lateAnswer(name, timeoutMs);
      if (error instanceof UserError) throw error;
      throw toTargetError(error, { name, url: http.url, redactor: this.#ports.redactor });
    }
  }

  async #request(inputs: Record<string, unknown>, signal: AbortSignal): Promise<string> {
    const { name, http } = this.#spec;
    const { fetch, headers, redactor } = this.#ports;
    const { url, body } = requestOf(http, inputs);
    const all = new Headers({ accept: 'application/json, */*;q=0.8', 'user-agent': 'llmops-workbench' });
    if (body !== undefined) all.set('content-type', 'application/json');
    for (const [header, value] of Object.entries(headers)) all.set(header, value);
    const response = await fetch(url, {
      method: http.method,
      headers: all,
      redirect: 'manual',
      signal,
      ...(body !== undefined && { body }),
    });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw redirected(name, { from: url, location: response.headers.get('location') });
    }
    const text = await this.#readBody(response);
    if (!response.ok) throw explainStatus(name, { response, text, redactor });
    return text;
  }

  async #readBody(response: Response): Promise<string> {
    const { name } = this.#spec;
    const meter = createBodyMeter({ bytes: LONGEST_ANSWER_BYTES, lineBytes: LONGEST_ANSWER_BYTES });
    const pieces: Uint8Array[] = [];
    for await (const piece of response.body ?? []) {
      // leaving the loop closes the connection
      if (!meter.fits(piece)) throw badAnswer(name, 'answered with more than 16 MB and was not read to the end.');
      pieces.push(piece);
    }
    try {
      return new TextDecoder('utf-8', { fatal: response.ok }).decode(Buffer.concat(pieces));
    } catch {
      throw badAnswer(name, 'answered with bytes that are not UTF-8.');
    }
  }

  #read(text: string): TargetAnswer {
    const { name, http } = this.#spec;
    const { redactor } = this.#ports;
    const parts = readParts(text, http.paths);
    const read = typeof parts === 'string' ? parts : readTargetAnswer(parts);
    if (typeof read !== 'string') return mapStrings(read, redactor.removeSecrets) as TargetAnswer;
    const sample = redactor.redact(text.slice(0, 4000)).replace(/\s+/g, ' ').trim().slice(0, 200);
    throw badAnswer(name, sample === '' ? read : `${read} It answered: ${sample}`);
  }
}

/** Inputs go into the query of a request that has no body. */
function requestOf({ url, method, body }: HttpTarget, inputs: Record<string, unknown>) {
  if (method !== 'GET') {
    return { url, body: JSON.stringify(body === undefined ? inputs : fillBody(body, inputs)) };
  }
  const target = new URL(url);
  for (const [name, value] of Object.entries(inputs)) {
    target.searchParams.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return { url: target.href, body: undefined };
}

/** The values at the paths, or what is wrong, the rest of a sentence. */
function readParts(text: string, { answer, ...others }: HttpTarget['paths']): AnswerParts | string {
  if (text.trim() === '') return 'answered with an empty body.';
  const paths = Object.entries(others);
  if (answer === undefined && paths.length === 0) return { answer: text };
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    return 'did not answer with JSON.';
  }
  const found = answer === undefined ? text : readJsonPath(value, answer);
  if (found === undefined || found === null) return `has no ${answer} in its response.`;
  return { answer: found, ...Object.fromEntries(paths.map(([part, path]) => [part, readJsonPath(value, path)])) };
}
