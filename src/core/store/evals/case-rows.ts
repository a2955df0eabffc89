import { toJson } from '../database/json.ts';
import type { StoredCase } from './eval-record.ts';
import type { SqlValue } from './eval-rows.ts';

type CaseBody = Omit<StoredCase, 'id' | 'contentHash' | 'group' | 'tags'>;

export const INSERT_CASE = `INSERT OR REPLACE INTO eval_cases
  (evaluation, place, id, content_hash, group_name, tags, body) VALUES (?, ?, ?, ?, ?, ?, ?)`;

/** The values after evaluation and place. Free text is JSON, so that it comes back exactly as it was. */
export function encodeCase(stored: StoredCase): SqlValue[] {
  const { id, contentHash, group, tags, others, ...rest } = stored;
  const body: Partial<CaseBody> = Object.keys(others).length > 0 ? { ...rest, others } : rest;
  return [
    JSON.stringify(id),
    contentHash,
    group === undefined ? null : JSON.stringify(group),
    tags.length === 0 ? null : JSON.stringify(tags),
    toJson(body) ?? toJson({ ...body, inputs: {}, expected: [], messages: undefined, others: {} }) ?? '{}',
  ];
}

export const CASE_COLUMNS = 'place, id, content_hash, group_name, tags, body';

export function decodeCase(row: Record<string, unknown>): StoredCase {
  const body = JSON.parse(String(row.body)) as Partial<CaseBody>;
  return {
    id: JSON.parse(String(row.id)) as string,
    contentHash: String(row.content_hash),
    dataset: body.dataset,
    number: body.number ?? Number(row.place) + 1,
    inputs: body.inputs ?? {},
    expected: body.expected ?? [],
    contexts: body.contexts,
    messages: body.messages,
    toolCalls: body.toolCalls,
    tags: typeof row.tags === 'string' ? (JSON.parse(row.tags) as string[]) : [],
    weight: body.weight ?? 1,
    group: typeof row.group_name === 'string' ? (JSON.parse(row.group_name) as string) : undefined,
    others: body.others ?? {},
    output: body.output,
    retrieval: body.retrieval,
  };
}
