import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { isPathInside, realPathWithin } from './base/files/read-file.ts';
import { exactTexts, readUtf8 } from './base/files/text-encoding.ts';
import { lazy } from './base/lazy.ts';
import type { Fetch, FileReader, Log, SecretStore } from './base/ports.ts';
import type { Settings } from './base/settings.ts';
import type { Message } from './models/chat-model.ts';
import { type NetworkOptions, parseModelRef } from './models/connection.ts';
import { ALLOW_VARIABLE, readAllowedPlaces } from './models/connections/allowed-places.ts';
import { createEnvKeyStore } from './models/connections/env-keys.ts';
import { createSecretKeyStore } from './models/connections/keys.ts';
import type { HostModels, Models } from './models/models.ts';
import { costOf } from './models/prices/costs.ts';
import { createTokenCounter, estimateRequest, type RequestTokens, tokenFamily } from './models/prices/tokens.ts';
import { createModels } from './models/registry.ts';
import type { ParsedPrompt, Prompt, RenderedPrompt, RenderInput } from './prompts/prompt.ts';
import type { FilledWith } from './prompts/render/filled-with.ts';
import { sourceHash } from './prompts/source-hash.ts';
import { readPartial } from './prompts/template/partial-files.ts';
import { checkAnswer } from './runs/answers/check-answer.ts';
import { createDayBudget, startOfDay } from './runs/budget/day-budget.ts';
import { startComparison } from './runs/compare-runs.ts';
import { type Comparison, WINDOW_CLOSED } from './runs/comparison.ts';
import { continueConversation, historyOf, type NextTurn, placesHistory, placeTurn } from './runs/conversation.ts';
import { type Estimable, estimateRun, type RunEstimate, UNKNOWN_ESTIMATE } from './runs/estimate.ts';
import type { RunSpec } from './runs/events.ts';
import { type CodeLanguage, requestAsCode } from './runs/export/as-code.ts';
import { prepareRuns, type RunPlan } from './runs/prepare-runs.ts';
import { type PreviewRequest, previewRequest } from './runs/preview-request.ts';
import type { RunDeps } from './runs/run-deps.ts';
import { holdStore } from './store/database/hold-store.ts';
import type { Store } from './store/store.ts';
import type { RefTransport } from './versions/context.ts';
import type { ResolvedVersion } from './versions/names/resolve-version.ts';
import type { Versions } from './versions/versions.ts';

/** What a host lends to core: VS Code through its adapters, the CLI through Node. */
export interface Ports {
  /** Absolute path of the workspace folder; undefined where none is open. */
  folder: string | undefined;
  trusted(): boolean;
  settings(): Settings;
  files: FileReader;
  /** VS Code's SecretStorage. Without it keys are read from `env`. */
  secrets?: SecretStore;
  env?: Record<string, string | undefined>;
  log: Log;
  now(): number;
  network(): Promise<{ fetch: Fetch; options: NetworkOptions; close?(): Promise<void> }>;
  hostModels?: HostModels;
  /** Keeps providers' model lists for a day; without it they are kept in the folder's database. */
  modelCache?: { get(key: string): Promise<unknown>; set(key: string, value: unknown): Promise<void> };
  /** Absolute path of the price list that "Update Prices" fetched, where there is one. */
  priceListFile?: string;
  storeWorkerUrl: URL;
  /** Told in the log, where several windows write. */
  windowId: string;
  /** `git.path` of the editor; `git` on PATH without it. */
  gitPath?(): string | undefined;
  /** How labels and results travel where the host can sign in; git itself, with prompts off, without it. */
  gitTransport?: (root: string) => Promise<RefTransport | undefined>;
  /** False keeps runs in memory only (`llmops run --no-record`). */
  record?: boolean;
}

/** The whole of core behind one face; whatever is heavy is loaded by the first call that needs it. */
export interface Workbench {
  models: Models;
  /** git's history of the prompts; loaded by the first call, and no git process starts before a method is called. */
  versions(): Promise<Versions>;
  /** Opened by the first call. A folder that cannot be written, or none, gives one in memory (`status().notices`). */
  store(): Promise<Store>;
  /** True once the store was opened, which may be in memory alone. Opens nothing. */
  isStoreOpen(): boolean;
  /** Sentences of a store that was opened: a damaged file set aside, a folder that cannot be written. Opens nothing. */
  storeNotices(): Promise<string[]>;
  /**
   * Reads the file unless its text is given (an unsaved editor). Never throws for a broken prompt, but for one of the
   * workspace that is a link leading out of it.
   */
  loadPrompt(path: string, text?: string): Promise<ParsedPrompt>;
  /** A version of a prompt, with the partials and schemas of its commit. Never throws for a broken prompt. */
  loadVersion(version: ResolvedVersion): Promise<ParsedPrompt>;
  /** Throws UserError `invalid-prompt` or `invalid-input` before anything could be sent. */
  render(prompt: Prompt, input: RenderInput, signal?: AbortSignal): Promise<RenderedPrompt>;
  /** The messages that go on from an answer; a template with `{{history}}` is rendered anew around the turns so far. */
  goOn(prompt: Prompt, conversation: Conversation): Promise<Message[]>;
  prepare(plan: RunPlan): RunSpec[];
  /** Starts at once; `events` ends when every run has ended and been recorded. */
  compare(specs: RunSpec[], signal?: AbortSignal): Comparison;
  estimate(spec: Estimable): Promise<RunEstimate>;
  /** The request of a run as a program; keys stand as environment variables. */
  asCode(spec: RunSpec, language: CodeLanguage): Promise<string>;
  /** The body that the provider would get for a run; nothing is sent. */
  previewRequest(spec: RunSpec): Promise<PreviewRequest>;
  /** What a prompt takes as it stands in its file: the estimate that the editor shows unasked. */
  estimatePrompt(prompt: Prompt, model: string): Promise<PromptEstimate>;
  /** The parts of an estimate's input tokens. */
  inputParts(spec: Estimable): Promise<RequestTokens>;
  /** Dollars of this workspace's runs since midnight, known costs only. */
  spentToday(): Promise<number>;
  dispose(): Promise<void>;
}

/** A window that closes waits this long for its last runs to be written. */
const LONGEST_END_MS = 3000;

export function createWorkbench(ports: Ports): Workbench {
  const { folder, files, log, now } = ports;
  const held = holdStore(ports);
  const network = lazy(ports.network);
  const models = createModels({
    ...ports,
    network,
    keys: keyStoreOf(ports),
    cache: ports.modelCache ?? modelCache(held.get, now),
  });
  const deps: RunDeps = {
    models,
    store: held.get,
    settings: ports.settings,
    dayBudget: createDayBudget({ ...ports, store: held.get }),
    costOf,
    estimateInput: (request) => estimateInput(models, request),
    createTokenCounter,
    checkAnswer,
    now,
    clock: () => performance.now(),
    log,
    newId: randomUUID,
  };
  const versions = lazy(async () => {
    const { createVersions } = await import('./versions/create-versions.ts');
    return createVersions({
      folder,
      trusted: ports.trusted,
      gitPath: () => ports.gitPath?.(),
      env: ports.env ?? {},
      files,
      log,
      now,
      store: held.get,
      transport: ports.gitTransport,
    });
  });
  // Of all that a model is sent no letter may be a replacement for one that could not be read.
  const sourcesOf: SourcesOf = async ({ revision }) => {
    return { folder, files: exactTexts(revision === undefined ? files : (await versions()).filesAt(revision)) };
  };
  const running = new Map<AbortController, Promise<void>>();
  log.debug(`Window ${ports.windowId} works on ${folder ?? 'no folder'}.`);
  const workbench: Workbench = {
    models,
    store: held.get,
    isStoreOpen: held.isOpen,
    storeNotices: held.notices,
    versions,
    async loadVersion({ commit, absolutePath, content, link }) {
      const { loadPrompt } = await import('./prompts/load-prompt.ts');
      const { refuseLink } = await import('./versions/git/commit-links.ts');
      refuseLink({ commit, link });
      const place = { path: absolutePath, root: folder, files: exactTexts((await versions()).filesAt(commit)) };
      // Throws where it stands for bytes that are not UTF-8.
      if (content.source.includes('\ufffd')) await place.files.readText(absolutePath);
      const parsed = await loadPrompt(content.source, place);
      return { ...parsed, prompt: { ...parsed.prompt, revision: commit } };
    },
    async loadPrompt(file, text) {
      const { loadPrompt } = await import('./prompts/load-prompt.ts');
      const source = await promptText(files, { file, text, folder });
      return loadPrompt(source, { path: file, root: folder, files: exactTexts(files) });
    },
    render: (prompt, input, signal) => render(sourcesOf, { prompt, input, signal }),
    goOn: (prompt, conversation) => goOn(sourcesOf, prompt, conversation),
    prepare: (plan) => prepareRuns({ newId: randomUUID, sourceHash }, plan),
    compare(specs, signal) {
      const control = new AbortController();
      const either = signal ? AbortSignal.any([signal, control.signal]) : control.signal;
      const ended = Promise.withResolvers<void>();
      const onEnd = () => {
        running.delete(control);
        ended.resolve();
      };
      const comparison = startComparison(deps, specs, { signal: either, onEnd });
      // Not before: what was refused has no end to wait for.
      running.set(control, ended.promise);
      return comparison;
    },
    estimate: (spec) => estimateRun(deps, spec),
    async asCode(spec, language) {
      const { connection } = await models.connection(connectionOf(spec.model));
      return requestAsCode(spec, connection, { language, log });
    },
    async previewRequest(spec) {
      const { connection } = await models.connection(connectionOf(spec.model));
      return previewRequest(spec, connection, log);
    },
    async estimatePrompt(prompt, model) {
      const [{ defaultMessages }, { UNASKED_LIMITS }] = await Promise.all([
        import('./prompts/render/default-messages.ts'),
        import('./prompts/render/render-budget.ts'),
      ]);
      const { messages, filledWith } = await defaultMessages(prompt, {
        render: (drawn, input) => workbench.render(drawn, { input, limits: UNASKED_LIMITS }),
        trusted: ports.trusted(),
      });
      if (!messages) return { ...UNKNOWN_ESTIMATE, filledWith };
      const { parameters, output, tools } = prompt;
      return { ...(await estimateRun(deps, { model, messages, parameters, output, tools })), filledWith };
    },
    inputParts: async (spec) => estimateRequest(spec, await familyOf(models, spec.model)),
    spentToday: async () => (await held.get()).spentUsd(startOfDay(now())),
    async dispose() {
      // What is under way is stopped and recorded as far as it came.
      const ends = [...running.values()];
      for (const control of running.keys()) control.abort(WINDOW_CLOSED);
      const limit = new Promise((resolve) => setTimeout(resolve, LONGEST_END_MS).unref());
      await Promise.race([Promise.all(ends), limit]);
      await versions
        .made()
        ?.then((made) => made.dispose())
        .catch(() => undefined);
      await held.close();
      await network
        .made()
        ?.then((made) => made.close?.())
        .catch(() => undefined);
    },
  };
  return workbench;
}

function keyStoreOf({ secrets, env = {} }: Ports) {
  if (secrets) return createSecretKeyStore(secrets);
  return createEnvKeyStore(env, readAllowedPlaces(env[ALLOW_VARIABLE]));
}

function connectionOf(model: string): string {
  return parseModelRef(model)?.connection ?? model;
}

/** How long an answer of the database is believed: another window may have listed models since. */
const CACHE_MEMORY_MS = 60_000;

/**
 * Model lists outlive the window in the workspace's database. Every run asks what is known of its model, so answers are
 * kept at hand, "nothing" among them: each would be a message to the database's thread and back.
 */
function modelCache(store: () => Promise<Store>, now: () => number) {
  const known = new Map<string, { at: number; value: Promise<unknown> }>();
  return {
    get(key: string): Promise<unknown> {
      const found = known.get(key);
      if (found && now() - found.at < CACHE_MEMORY_MS) return found.value;
      const value = store().then((opened) => opened.getValue(key));
      known.set(key, { at: now(), value });
      value.catch(() => known.delete(key));
      return value;
    },
    async set(key: string, value: unknown): Promise<void> {
      known.set(key, { at: now(), value: Promise.resolve(value) });
      await (await store()).setValue(key, value);
    },
  };
}

async function estimateInput(
  models: Models,
  { model, ...request }: Parameters<RunDeps['estimateInput']>[0],
): Promise<number | undefined> {
  return (await estimateRequest(request, await familyOf(models, model))).total;
}

async function familyOf(models: Models, model: string) {
  const info = await models.modelInfo(model);
  const type = info?.type ?? (await models.connection(connectionOf(model))).connection.type;
  return tokenFamily(type, info?.baseModel ?? model);
}

export interface PromptEstimate extends RunEstimate {
  filledWith: FilledWith;
}

/** Where a conversation stands, and what follows. */
export interface Conversation {
  input: Record<string, unknown>;
  /** What the last run sent, and the assistant's turn that came back. */
  sent: Message[];
  answer: Message;
  next: NextTurn;
}

/** Where a prompt's partials and files come from: the work tree, or its commit. */
type SourcesOf = (prompt: Prompt) => Promise<{ folder: string | undefined; files: FileReader }>;

async function goOn(
  sourcesOf: SourcesOf,
  prompt: Prompt,
  { input, sent, answer, next }: Conversation,
): Promise<Message[]> {
  const messages = continueConversation(sent, answer, next);
  const turn = messages.at(-1);
  // Results of tool calls must follow the calls at once: nothing of the template may come between.
  if (turn?.role !== 'user' || next.toolResults?.length || !placesHistory(prompt.template.text)) return messages;
  const history = historyOf(messages.slice(0, -1), undefined);
  const rendered = await render(sourcesOf, { prompt, input: { input, history }, signal: undefined });
  return placeTurn(rendered.messages, history, turn) ?? messages;
}

interface Rendering {
  prompt: Prompt;
  input: RenderInput;
  signal: AbortSignal | undefined;
}

async function render(sourcesOf: SourcesOf, { prompt, input, signal }: Rendering): Promise<RenderedPrompt> {
  const { folder, files } = await sourcesOf(prompt);
  const { renderPrompt } = await import('./prompts/render/render.ts');
  const promptDir = prompt.path === undefined ? folder : path.dirname(prompt.path);
  const root = folder ?? promptDir;
  return renderPrompt(prompt, input, {
    partials: (name) => readPartial(name, { promptDir, root }, files),
    files,
    workspaceRoots: root === undefined ? [] : [root],
    promptDir,
    signal,
  });
}

/** A prompt of the workspace that is a link may not lead out of it, also where an editor already shows what it leads to. */
async function promptText(
  files: FileReader,
  { file, text, folder }: { file: string; text: string | undefined; folder: string | undefined },
): Promise<string> {
  const within = folder !== undefined && isPathInside(folder, file) ? [folder] : undefined;
  if (text === undefined) return files.readText(file, { within, exact: true });
  // Without a file there is no link either: a prompt that is not saved, or of a commit.
  if (within && (await files.exists(file))) await realPathWithin(file, within);
  // An editor shows this character for bytes that it could not read: then the file itself says which, and is refused.
  if (text.includes('\ufffd') && (await files.exists(file))) readUtf8(file, await files.readBytes(file, { within }));
  return text;
}
