import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/core/base/secrets/redact.ts';
import type { ChatEvent } from '../../../src/core/models/chat-model.ts';
import { AnswerRedactor } from '../../../src/core/models/transport/answer-redactor.ts';

const KEY = 'sk-planted-0123456789abcdef';

function pass(events: ChatEvent[], secrets = [KEY]): ChatEvent[] {
  const shield = new AnswerRedactor(createRedactor(secrets));
  return [...events.flatMap((event) => shield.take(event)), ...shield.flush()];
}

const deltas = (...texts: string[]): ChatEvent[] => texts.map((text) => ({ type: 'text-delta', text }));
const textOf = (events: ChatEvent[]) => events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
const codes = (events: ChatEvent[]) => events.flatMap((event) => (event.type === 'warning' ? event.warning.code : []));

describe('a secret in an answer', () => {
  it('is removed, with one notice', () => {
    const events = pass(deltas(`your key is ${KEY}, `, `I say ${KEY}`));
    expect(textOf(events)).toBe('your key is [removed], I say [removed]');
    expect(codes(events)).toEqual(['secret-removed']);
  });

  it('is removed wherever it is cut, and the rest is unchanged', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 12 }), fc.string(), fc.string(), (cuts, before, after) => {
        const whole = `${before}${KEY}${after}`;
        const ends = [...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
        const events = pass(deltas(...ends.map((end, index) => whole.slice(ends[index - 1] ?? 0, end))));
        expect(textOf(events)).toBe(`${before}[removed]${after}`);
      }),
    );
  });

  it('is removed in base64 or in a URL', () => {
    const secret = 'p@ss/word+0123456789';
    const shown = textOf(
      pass(deltas(Buffer.from(`user:${secret}`).toString('base64'), ' ?k=p%40ss%2F', 'word%2B0123456789'), [secret]),
    );
    expect(shown).not.toContain('p%40ss');
    expect(shown.match(/\[removed\]/g)).toHaveLength(2);
  });

  it('is removed from reasoning, its signature, tool calls and names sent by a server', () => {
    const events = pass([
      { type: 'reasoning-delta', text: `hm ${KEY.slice(0, 9)}` },
      { type: 'reasoning-delta', text: KEY.slice(9), signature: `proof ${KEY}` },
      { type: 'tool-call', id: 'c', name: `call ${KEY}`, input: { [KEY]: [KEY] } },
      { type: 'finish', reason: 'stop', rawReason: KEY, servedModel: KEY },
    ]);
    expect(JSON.stringify(events)).not.toContain(KEY);
    expect(JSON.stringify(events)).not.toContain(KEY.slice(9));
    expect(codes(events)).toEqual(['secret-removed']);
  });

  it.each([1, 3, 7, 8, 9, 20])('is found in pieces of %i with reasoning or tool calls in between', (size) => {
    const pieces = KEY.match(new RegExp(`.{1,${size}}`, 'g')) ?? [];
    const call: ChatEvent = { type: 'tool-call', id: 'c', name: 'n', input: {} };
    for (const between of [{ type: 'reasoning-delta', text: 'hm.' } as const, call]) {
      const events = pass(pieces.flatMap((text) => [{ type: 'text-delta', text } as const, between]));
      const shown = textOf(events);
      expect(KEY.startsWith(shown.replace(/(?:\[removed\])+$/, ''))).toBe(true);
      expect(shown).toMatch(/^.{0,7}(?:\[removed\])+$/);
      expect(codes(events)).toEqual(['secret-removed']);
      expect(events.filter(({ type }) => type === between.type)).toHaveLength(pieces.length);
    }
  });

  it('is found in pieces of reasoning with text in between, and if a signature ends the first piece', () => {
    for (const signature of [undefined, 'proof']) {
      const events = pass([
        { type: 'reasoning-delta', text: `my ${KEY.slice(0, 14)}`, ...(signature && { signature }) },
        ...deltas('hm.'),
        { type: 'reasoning-delta', text: `${KEY.slice(14)} is it` },
      ]);
      const reasoning = events.map((event) => (event.type === 'reasoning-delta' ? event.text : '')).join('');
      expect(reasoning).toBe('my [removed][removed] is it');
      expect(textOf(events)).toBe('hm.');
    }
  });

  it('is found in every URL encoding, cut anywhere', () => {
    const secret = 'p@ss/word+012%34=5&6789';
    const lower = encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase());
    const all = (text: string) => text.replace(/[\s\S]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
    const forms = [
      secret,
      encodeURIComponent(secret),
      lower,
      lower.replace('%2f', '%2F'),
      encodeURI(secret),
      all(secret),
      encodeURIComponent(lower),
      encodeURIComponent(encodeURIComponent(secret)),
      JSON.stringify({ url: `https://h/?k=${lower}` }).slice(16, -2),
      secret.replaceAll('/', '\\/').replaceAll('&', '\\u0026'),
      Buffer.from(`user:${secret}`).toString('base64'),
      encodeURIComponent(Buffer.from(`user:${secret}`).toString('base64')).replace(/%../g, (code) =>
        code.toLowerCase(),
      ),
    ];
    for (const form of forms) {
      for (let cut = 0; cut <= form.length; cut++) {
        const shown = textOf(pass(deltas(`say ${form.slice(0, cut)}`, `${form.slice(cut)} twice`), [secret]));
        expect(shown, form).toMatch(/^say .{0,8}\[removed\].{0,7} twice$/);
      }
    }
  });

  it('does not appear by its beginning if the stream is cut', () => {
    expect(textOf(pass(deltas('it is ', KEY.slice(0, 20))))).toBe('it is [removed]');
  });
});

describe('an answer without a secret', () => {
  it('is passed on as the same event objects', () => {
    const events: ChatEvent[] = [
      ...deltas('Use sk-', 'learn, or sk-proj-abcdefghijklmnop; ', 'plants'),
      { type: 'tool-call', id: 'c', name: 'n', input: { key: 'sk-other-abcdefghijkl' } },
      { type: 'finish', reason: 'stop', rawReason: 'stop', servedModel: 'm' },
    ];
    const passed = pass(events, ['zz-planted-0123456789']);
    expect(passed).toEqual(events);
    expect(passed[0]).toBe(events[0]);
  });

  it('keeps its order, even if an end had to wait', () => {
    const events = pass([...deltas('yes'), { type: 'reasoning-delta', text: 'why s' }, ...deltas('!')]);
    expect(events.map((event) => ('text' in event ? event.text : ''))).toEqual(['ye', 's', 'why ', 's', '!']);
    expect(codes(events)).toEqual([]);
  });

  it('keeps a signature without text', () => {
    const events: ChatEvent[] = [{ type: 'reasoning-delta', text: '', signature: 'proof' }];
    expect(pass(events)).toEqual(events);
  });
});
