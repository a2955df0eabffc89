import { connectionOf } from '../../models/connection.ts';
import type { EvalSpec } from '../file/eval-spec.ts';
import type { EvalPorts } from '../run/eval-ports.ts';
import type { PlannedColumn } from './plan-columns.ts';

/** Everyone who gets the cases, with the origin; a demo model sends nothing anywhere. */
export async function findReceivers(
  { models }: EvalPorts,
  { targets }: EvalSpec,
  planned: readonly PlannedColumn[],
): Promise<string[]> {
  const found = planned.map(async ({ column, source }) => {
    if (source.kind === 'target') {
      const target = targets[source.target];
      if (target?.http) return `${target.name} (${new URL(target.http.url).origin})`;
      return target && `${target.name} (the command ${target.command?.[0]})`;
    }
    if (source.kind !== 'prompt' || column.simulated) return undefined;
    const { id, baseUrl } = await models.declared(connectionOf(source.model));
    return baseUrl === undefined ? id : `${id} (${new URL(baseUrl).origin})`;
  });
  const receivers = (await Promise.all(found)).filter((receiver) => receiver !== undefined);
  return [...new Set(receivers)];
}
