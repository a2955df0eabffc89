import { isRecord } from '../../../shared/is-record.ts';
import { isTooDeep } from '../../base/json/json-depth.ts';
import type { ChatEvent } from '../chat-model.ts';
import { recordOf, textOf } from '../transport/plain-json.ts';
import { packThoughtSignature } from './openai-messages.ts';
import { parseArguments } from './tool-arguments.ts';

interface PendingCall {
  index: number | undefined;
  id: string;
  name: string;
  args: string;
  /** Arguments that arrived as an object. */
  input: unknown;
  signature: string | undefined;
}

/** Assembles tool calls from fragments, which servers identify in several ways, or not at all. */
export class ToolCalls {
  /** The number of characters received. */
  size = 0;
  private readonly calls: PendingCall[] = [];
  private last: PendingCall | undefined;
  private legacy: PendingCall | undefined;

  /** A fragment of a stream; `whole` if a message contains complete calls, each an item of its own. */
  add(fragment: unknown, whole = false): void {
    if (!isRecord(fragment)) return;
    const fields = recordOf(fragment.function) ?? fragment;
    const id = textOf(fragment.id);
    const index = typeof fragment.index === 'number' ? fragment.index : undefined;
    const known = whole
      ? undefined
      : findCall({ calls: this.calls, last: this.last, id, index, name: textOf(fields.name) });
    const call = known ?? this.begin(id, index);
    if (call.id === '' && id !== undefined) call.id = id;
    call.signature ??= textOf(recordOf(recordOf(fragment.extra_content)?.google)?.thought_signature);
    this.fill(call, fields);
  }

  /** The old `function_call` from before `tool_calls`: there is only one. */
  addLegacy(fragment: unknown): void {
    if (!isRecord(fragment)) return;
    this.legacy ??= this.begin(undefined, undefined);
    this.fill(this.legacy, fragment);
  }

  get count(): number {
    return this.calls.length;
  }

  // Gateways send the old field next to the new one, for clients that know only one of them.
  events(): ChatEvent[] {
    return this.calls.filter((call) => call !== this.legacy || !isRepeated(call, this.calls)).flatMap(callEvents);
  }

  private begin(id: string | undefined, index: number | undefined): PendingCall {
    const call: PendingCall = { index, id: id ?? '', name: '', args: '', input: undefined, signature: undefined };
    this.calls.push(call);
    return call;
  }

  private fill(call: PendingCall, { name, arguments: args }: Record<string, unknown>): void {
    this.last = call;
    if (typeof name === 'string') call.name = joinName(call.name, name);
    if (typeof args === 'string') {
      call.args += args;
      this.size += args.length;
    } else if (isRecord(args) || Array.isArray(args)) {
      call.input = args;
      if (!isTooDeep(args)) this.size += JSON.stringify(args).length;
    }
  }
}

interface Address {
  calls: readonly PendingCall[];
  last: PendingCall | undefined;
  id: string | undefined;
  index: number | undefined;
  name: string | undefined;
}

/** The call that a fragment continues; undefined if it starts one. */
function findCall({ calls, last, id, index, name }: Address): PendingCall | undefined {
  const named = id === undefined ? undefined : calls.findLast((call) => call.id === id);
  // One id for several calls: complete arguments at another position belong to another call.
  const isOther = named && index !== undefined && named.index !== index && name !== undefined && isComplete(named);
  if (named && !isOther) return named;
  if (index !== undefined) {
    const placed = calls.findLast((call) => call.index === index);
    // Some servers increment the index with each fragment; without an id and a name it starts nothing.
    if (!placed) return id === undefined && name === undefined ? last : undefined;
    // Others give every parallel call the index 0; a new id and a name distinguish them, but not inside arguments.
    const begins = id !== undefined && placed.id !== '' && name !== undefined && !isOpen(placed);
    return begins ? undefined : placed;
  }
  if (id !== undefined && last?.id !== '') return undefined;
  // A name after complete arguments, or another name after none, starts the next call.
  const begins = name !== undefined && last !== undefined && (isComplete(last) || differs(last, name));
  return begins ? undefined : last;
}

/** In the middle of its arguments. */
function isOpen(call: PendingCall): boolean {
  return call.args.trim() !== '' && !isComplete(call);
}

function isComplete({ args, input }: PendingCall): boolean {
  if (input !== undefined) return true;
  return args.trimEnd().endsWith('}') && typeof parseArguments(args) === 'object';
}

/** Names arrive in pieces, too, so only one that does not continue the last piece is another name. */
function differs({ name: known, args }: PendingCall, name: string): boolean {
  return known !== '' && args !== '' && known !== name;
}

/** A name is sent once, in pieces, or again with every fragment (complete, or as far as it has arrived). */
function joinName(known: string, piece: string): string {
  return piece.startsWith(known) ? piece : known + piece;
}

function isRepeated(call: PendingCall, calls: readonly PendingCall[]): boolean {
  return calls.some((other) => other !== call && other.name === call.name && argumentsOf(other) === argumentsOf(call));
}

function argumentsOf({ input, args }: PendingCall): string {
  return input === undefined || isTooDeep(input) ? args : JSON.stringify(input);
}

function callEvents(call: PendingCall, index: number): ChatEvent[] {
  const id = call.id || `call_${index}`;
  const events: ChatEvent[] = [];
  if (call.signature !== undefined) {
    events.push({ type: 'reasoning-delta', text: '', signature: packThoughtSignature(id, call.signature) });
  }
  events.push({ type: 'tool-call', id, name: call.name, input: call.input ?? parseArguments(call.args) });
  return events;
}
