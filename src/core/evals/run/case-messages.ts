import type { Message } from '../../models/chat-model.ts';
import type { PlannedColumn } from '../plan/plan-columns.ts';
import { mappingsOf } from '../plan/read-stored-cases.ts';
import { renderCase } from '../plan/render-case.ts';
import type { StoredPlan } from './eval-plan.ts';
import type { EvalPorts } from './eval-ports.ts';
import { loadColumns } from './resume-evaluation.ts';

/** The messages of a cell as they were sent, rendered again; undefined for what is no prompt. */
export type CaseMessages = (cell: { place: number; column: number }) => Promise<Message[] | undefined>;

/** For the cells of a result. Each prompt is loaded once, when it is first needed. */
export async function openCaseMessages(ports: EvalPorts, id: string): Promise<CaseMessages> {
  const { store } = ports;
  const record = await store.evals.get(id);
  const plan = record?.plan as StoredPlan | undefined;
  if (!record || !plan) return async () => undefined;
  const mappings = mappingsOf(plan.spec);
  const loaded = new Map<number, Promise<PlannedColumn | undefined>>();
  const load = async (index: number): Promise<PlannedColumn | undefined> => {
    const [column, source] = [record.columns[index], plan.sources[index]];
    if (!column || !source) return undefined;
    return (await loadColumns(ports, { ...record, columns: [column] }, [source]))[0];
  };
  return async ({ place, column }) => {
    const planned = loaded.get(column) ?? load(column);
    loaded.set(column, planned);
    // such as for a repository that is locked: the next call tries again
    planned.catch(() => loaded.delete(column));
    const [prompt, [evalCase]] = await Promise.all([
      planned.then((one) => one?.prompt),
      store.evals.cases(id, [place]),
    ]);
    return prompt && evalCase && (await renderCase(evalCase, prompt, mappings)).rendered.messages;
  };
}
