import { hash } from 'node:crypto';
import { isRecord } from '../../../shared/is-record.ts';
import { type DatasetRow, RowProblem } from '../../datasets/row.ts';
import type { RowParts } from '../../datasets/row-columns.ts';
import { canonicalJson, inputsHash } from '../../datasets/row-identity.ts';
import type { Message } from '../../models/chat-model.ts';
import type { ToolCallValue } from '../metrics/metric.ts';
import { readMessages } from './read-messages.ts';
import { readToolCalls } from './read-tool-calls.ts';

/** What a row asks and what is known about its answer. */
export interface CaseContent {
  /** As in the row: texts of CSV get their types when a prompt is rendered. */
  inputs: Record<string, unknown>;
  /** Several are alternatives; none if there is no reference. */
  expected: unknown[];
  contexts: string[] | undefined;
  /** Earlier turns, the last one by the user. */
  messages: Message[] | undefined;
  toolCalls: ToolCallValue[] | undefined;
  tags: string[];
  weight: number;
  group: string | undefined;
  /** An answer that was made elsewhere. */
  output: string | undefined;
  /** Ids that were retrieved, the best first, and the gain of each relevant id. */
  retrieval: { retrieved: string[]; relevant: Record<string, number> } | undefined;
}

/** A row with its identity, by which results are joined. */
export interface EvalCase extends CaseContent {
  /** As written, or a hash of the inputs; `#2`, `#3`, … for the following rows with the same inputs. */
  id: string;
  /** The whole row, for inputs that are found in any column and metrics that have columns of their own. */
  row: DatasetRow;
  /** The dataset as the evaluation file calls it; undefined for rows of the file itself. */
  dataset: string | undefined;
  /** From 1, in its dataset. */
  number: number;
  /** Where the row starts in its file, from 1; undefined for rows of the evaluation file. */
  line: number | undefined;
}

/** The content of a row, by the roles of its columns. Throws RowProblem, with the line of the row, for a column of the wrong type. */
export function readCase({ inputs, ...parts }: RowParts, line: number): CaseContent & { id: string | undefined } {
  const read = <T>(name: string, value: unknown, as: (value: unknown) => T | undefined, expected: string) => {
    if (value === undefined) return undefined;
    const result = as(value);
    if (result === undefined) throw new RowProblem(`${name} must be ${expected}`, line);
    return result;
  };
  const conversation = conversationIn(inputs, parts.messages);
  const messages = read('messages', conversation.messages, (value) => readMessages(fromJson(value)), MESSAGES);
  const expected = parts.expected.length > 0 ? parts.expected.flatMap(references) : undefined;
  const retrieved = read('the retrieved IDs', parts.retrieved, idsOf, 'a list of texts or numbers');
  const relevant = read('the relevant IDs', parts.relevant, gainsOf, 'a list, or a map from IDs to numbers');
  const answered = messages?.at(-1)?.role === 'assistant' ? messages.at(-1) : undefined;
  return {
    id: read('the ID', parts.id, idOf, 'a text or a number'),
    inputs: conversation.inputs,
    expected: expected ?? (answered ? [textOf(answered)] : []),
    contexts: read('contexts', parts.contexts, textsOf, 'a text or a list of texts'),
    messages: answered ? messages?.slice(0, -1) : messages,
    toolCalls: read('the expected tool calls', parts.toolCalls, (value) => readToolCalls(fromJson(value)), CALLS),
    tags: read('tags', parts.tags, tagsOf, 'a text or a list of texts') ?? [],
    weight: read('the weight', parts.weight, weightOf, 'a number, 0 or more') ?? 1,
    group: read('the group', parts.group, idOf, 'a text or a number'),
    output: parts.output === undefined ? undefined : toText(parts.output),
    retrieval: retrieved && relevant && { retrieved, relevant },
  };
}

const MESSAGES = 'a list of messages with role and content';
const CALLS = 'a list of maps with name and arguments';

/** The identity of a row without an ID. */
export function caseHash({ inputs, messages }: CaseContent): string {
  return inputsHash(messages ? { ...inputs, messages } : inputs);
}

/** Changes with everything that a score may depend on; a result keeps it, so that changed cases are seen. */
export function contentHash({
  inputs,
  expected,
  contexts,
  messages,
  toolCalls,
  weight,
  group,
  output,
  retrieval,
}: CaseContent): string {
  const content = { inputs, expected, contexts, messages, toolCalls, weight, group, output, retrieval };
  return hash('sha256', canonicalJson(content), 'hex');
}

/** ragas has the conversation in `user_input`, OpenAI's evaluations in `input`. */
function conversationIn(inputs: Record<string, unknown>, messages: unknown) {
  if (messages !== undefined) return { inputs, messages };
  const name = ['user_input', 'input'].find((column) => isConversation(inputs[column]));
  if (name === undefined) return { inputs, messages: undefined };
  const { [name]: found, ...others } = inputs;
  return { inputs: others, messages: found };
}

function isConversation(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((item) => isRecord(item) && 'content' in item);
}

function textOf({ parts }: Message): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** A list in a cell of a table is written as JSON. */
function fromJson(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** A list of texts is several references, any other value one. */
function references(value: unknown): unknown[] {
  const list = fromJson(value);
  return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : [value];
}

function textsOf(value: unknown): string[] | undefined {
  const list = fromJson(value);
  if (typeof list === 'string') return [list];
  return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : undefined;
}

function idsOf(value: unknown): string[] | undefined {
  const list = fromJson(value);
  const ids = Array.isArray(list) ? list.map(idOf) : [];
  return Array.isArray(list) && ids.every((id) => id !== undefined) ? ids : undefined;
}

/** Every id of a list has the gain 1. */
function gainsOf(value: unknown): Record<string, number> | undefined {
  const given = fromJson(value);
  if (!isRecord(given)) {
    const ids = idsOf(given);
    return ids && Object.fromEntries(ids.map((id) => [id, 1]));
  }
  const gains = Object.entries(given).map(([id, gain]) => [id, weightOf(gain)] as const);
  return gains.every((entry): entry is [string, number] => entry[1] !== undefined)
    ? Object.fromEntries(gains)
    : undefined;
}

function tagsOf(value: unknown): string[] | undefined {
  const texts = textsOf(value);
  const tags = typeof value === 'string' && texts?.[0] === value ? value.split(',') : texts;
  return tags?.map((tag) => tag.trim()).filter((tag) => tag !== '');
}

function weightOf(value: unknown): number | undefined {
  const weight = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof weight === 'number' && weight >= 0 && Number.isFinite(weight) ? weight : undefined;
}

function idOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
