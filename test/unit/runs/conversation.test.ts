import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/core/models/chat-model.ts';
import { continueConversation, historyOf, placesHistory, placeTurn } from '../../../src/core/runs/conversation.ts';

const sent: Message[] = [
  { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
  { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
];
const answer: Message = {
  role: 'assistant',
  parts: [
    { type: 'reasoning', text: 'hm', signature: 'proof' },
    { type: 'text', text: 'Hello' },
  ],
};
const calling: Message = {
  role: 'assistant',
  parts: [
    { type: 'tool-call', id: 't1', name: 'find', input: {} },
    { type: 'tool-call', id: 't2', name: 'count', input: {} },
  ],
};

describe('a conversation', () => {
  it('continues with the answer, its signatures and the next turn', () => {
    const messages = continueConversation(sent, answer, { text: 'And then?' });
    expect(messages.slice(0, 2)).toEqual(sent);
    expect(messages[2]).toEqual(answer);
    expect(messages[3]).toEqual({ role: 'user', parts: [{ type: 'text', text: 'And then?' }] });
  });

  it('gives each tool call its result, before any text', () => {
    const toolResults = [
      { id: 't2', name: 'count', output: '3' },
      { id: 't1', name: 'find', output: 'x', isError: true },
    ];
    const messages = continueConversation(sent, calling, { toolResults, text: 'Go on' });
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'user']);
    expect(messages[3]?.parts).toHaveLength(2);
    expect(messages[3]?.parts[1]).toEqual({ type: 'tool-result', id: 't1', name: 'find', output: 'x', isError: true });
  });

  it('reports a tool call without a result, or one that does not exist', () => {
    const one = [{ id: 't1', name: 'find', output: 'x' }];
    expect(() => continueConversation(sent, calling, { toolResults: one })).toThrow('"count" has no result');
    expect(() => continueConversation(sent, answer, { toolResults: one })).toThrow('no tool call "t1"');
  });

  it('does not continue with an empty turn', () => {
    expect(() => continueConversation(sent, answer, { text: '  ' })).toThrow('nothing to send');
  });

  it('never sends an empty turn after an answer that was stopped before its first word', () => {
    const messages = continueConversation(sent, { role: 'assistant', parts: [] }, { text: 'Again' });
    expect(messages[2]?.parts).toEqual([{ type: 'text', text: '…' }]);
  });

  it('contains every turn except the system text in its history', () => {
    expect(historyOf(sent, answer).map(({ role }) => role)).toEqual(['user', 'assistant']);
  });
});

describe('a template with {{history}}', () => {
  const message = (role: Message['role'], text: string): Message => ({ role, parts: [{ type: 'text', text }] });
  const asked = message('user', 'first');
  const answered = message('assistant', 'one');
  const turn = message('user', 'second');

  it('is distinguished from one that only mentions history', () => {
    expect(placesHistory('a {{history}} b')).toBe(true);
    expect(placesHistory('a {{~ history ~}} b')).toBe(true);
    expect(placesHistory('the history of {{city}}')).toBe(false);
  });

  it('has its own last question replaced, and keeps the text after the turns', () => {
    const rendered = [message('system', 's'), asked, answered, message('system', 'reminder'), message('user', 'first')];
    expect(placeTurn(rendered, [asked, answered], turn)).toEqual([...rendered.slice(0, 4), turn]);
  });

  it('gets the turn at its end if it asks nothing itself', () => {
    const rendered = [message('system', 's'), asked, answered];
    expect(placeTurn(rendered, [asked, answered], turn)).toEqual([...rendered, turn]);
  });

  it('is not used if it leaves out the turns', () => {
    expect(placeTurn([message('user', 'first')], [asked, answered], turn)).toBeUndefined();
  });
});
