import type { Message } from '../../models/chat-model.ts';
import { mappingsOf } from '../plan/read-stored-cases.ts';
import { renderCase } from '../plan/render-case.ts';
import type { StoredPlan } from './eval-plan.ts';
import type { EvalPorts } from './eval-ports.ts';
import { loadColumns } from './resume-evaluation.ts';

/** The messages of a case as they were sent, rendered again; undefined for what is no prompt. */
export async function caseMessages(
  ports: EvalPorts,
  id: string,
  { place, column }: { place: number; column: number },
): Promise<Message[] | undefined> {
  const [record, [evalCase]] = await Promise.all([ports.store.evals.get(id), ports.store.evals.cases(id, [place])]);
  const found = record?.columns[column];
  const plan = record?.plan as StoredPlan | undefined;
  const source = plan?.sources[column];
  if (!record || !found || !plan || !source || !evalCase) return undefined;
  const [planned] = await loadColumns(ports, { ...record, columns: [found] }, [source]);
  if (!planned?.prompt) return undefined;
  const { rendered } = await renderCase(evalCase, planned.prompt, mappingsOf(plan.spec));
  return rendered.messages;
}
