import type { ConnectionInfo, ModelInfo, ModelList } from '../../../core/models/models.ts';
import { omittedNote } from '../../../core/models/transport/structured/clean-list.ts';
import { formatTokens, formatUsdExactly, UNKNOWN } from '../../../shared/format.ts';
import type { CommandContext } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import { findRoot } from '../../find-root.ts';
import { formatTable, left, right } from '../../output/table.ts';
import type { Terminal } from '../../output/terminal.ts';
import { withWorkbench } from '../../with-workbench.ts';
import type { ModelsValues } from '../models.ts';

interface Listed {
  info: ConnectionInfo;
  /** Undefined if the connection cannot be asked. */
  list: ModelList | undefined;
}

/** `llmops models`: a connection that cannot be listed fails the command only if it was specified. */
export function run({ connection, refresh }: ModelsValues, context: CommandContext): Promise<number> {
  const { output, terminal } = context;
  return withWorkbench(context, { folder: findRoot(process.cwd()), record: true }, async ({ models, store }) => {
    const infos = connection === undefined ? await models.connections() : [await models.connection(connection)];
    const listed = await Promise.all(
      infos.map(async (info): Promise<Listed> => {
        const list = isBlocked(info) ? undefined : await models.listModels(info.connection.id, { refresh });
        // Listing may have changed the state of the connection.
        return { info: await models.connection(info.connection.id), list };
      }),
    );
    for (const { message, where } of models.problems()) terminal.note(`${where}: ${message}`);
    const notices = await store.notices();
    await output.print({
      json: () => ({ connections: listed.map(toJson), notices }),
      text: () => print(listed, terminal),
    });
    return connection === undefined ? EXIT.ok : exitCodeOf(listed[0]);
  });
}

function isBlocked({ state }: ConnectionInfo): boolean {
  return state.kind === 'no-key' || state.kind === 'key-origin';
}

function exitCodeOf(listed: Listed | undefined): number {
  if (!listed || isBlocked(listed.info)) return EXIT.usage;
  return listed.list?.error ? EXIT.provider : EXIT.ok;
}

const COLUMNS = [...left('MODEL'), ...right('CONTEXT', 'MAX OUTPUT', 'IN /M', 'OUT /M'), ...left('SUNSET')];

function print(listed: Listed[], { out, style, clean }: Terminal): void {
  listed.forEach(({ info, list }, index) => {
    const { id, type } = info.connection;
    const name = type === id ? id : `${id} (${type})`;
    out(`${index > 0 ? '\n' : ''}${style.bold(name)}  ${clean(stateText(info, list))}\n`);
    if (list && list.models.length > 0) out(formatTable(COLUMNS, list.models.map(rowOf), style.dim));
    const note = omittedNote(list?.omitted);
    if (note) out(`${style.dim(note)}\n`);
  });
}

function rowOf(model: ModelInfo): string[] {
  const { ref, contextWindow, maxOutputTokens, prices, sunsetDate } = model;
  return [
    ref,
    formatTokens(contextWindow),
    formatTokens(maxOutputTokens),
    formatUsdExactly(prices?.inputUsd),
    formatUsdExactly(prices?.outputUsd),
    sunsetDate ?? UNKNOWN,
  ];
}

function stateText({ connection, state, hasKey }: ConnectionInfo, list: ModelList | undefined): string {
  if (connection.type === 'demo') return 'demo models: built in, no key, no network; prices are simulated';
  if (state.kind === 'no-key') return `no key: set ${connection.apiKeyEnv ?? 'its apiKeyEnv'}`;
  if (state.kind === 'key-origin') {
    const way = state.entry === undefined ? '' : `: add ${state.entry} to LLMOPS_ALLOW_ORIGINS to allow it`;
    return `key not sent to ${state.origin}${way}`;
  }
  const error = list?.error ?? (state.kind === 'unreachable' ? state.error : undefined);
  if (error) return ['not reachable:', error.message, error.hint].filter(Boolean).join(' ');
  return hasKey ? 'ready, with a key' : 'ready';
}

function toJson({ info, list }: Listed): Record<string, unknown> {
  const { connection, state, keyRequired, hasKey } = info;
  const { id, type, source, baseUrl, apiKeyEnv } = connection;
  return {
    id,
    type,
    source,
    baseUrl: baseUrl ?? null,
    apiKeyEnv: apiKeyEnv ?? null,
    state: state.kind,
    keyRequired,
    hasKey,
    error: list?.error ?? (state.kind === 'unreachable' ? state.error : null),
    fetchedAt: list?.fetchedAt ?? null,
    omitted: list?.omitted ?? 0,
    models: (list?.models ?? []).map((model) => ({
      ref: model.ref,
      displayName: model.displayName ?? null,
      contextWindow: model.contextWindow ?? null,
      maxOutputTokens: model.maxOutputTokens ?? null,
      sunsetDate: model.sunsetDate ?? null,
      prices: model.prices ?? null,
      simulated: model.simulated ?? false,
    })),
  };
}
