import { describe, expect, it } from 'vitest';
import { SseDecoder } from '../../../src/core/models/transport/sse.ts';

/** The events of a body that arrives in pieces of this many bytes. */
function decode(body: string | Uint8Array, size = Number.POSITIVE_INFINITY): [string, string][] {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const decoder = new SseDecoder();
  const events: [string, string][] = [];
  const take = (event: string, data: string) => void events.push([event, data]);
  for (let at = 0; at < bytes.length; at += size) decoder.push(bytes.subarray(at, at + size), take);
  decoder.end(take);
  return events;
}

describe('server-sent events', () => {
  const body = [
    ': a comment\n\nevent: first\ndata: {"text":"Grüße 👋"}\n\n',
    'data:no space\r\n\r\ndata:  two spaces\rdata\rdata: third line\r\r',
    'id: 7\nretry: 10\nunknown: x\n\nevent: empty\n\ndata: a\r\n\ndata: last',
  ].join('');
  const expected = [
    ['first', '{"text":"Grüße 👋"}'],
    ['', 'no space'],
    ['', ' two spaces\n\nthird line'],
    ['empty', ''],
    ['', 'a'],
    ['', 'last'],
  ];

  it('are the same wherever the network splits them', () => {
    for (let size = 1; size < 40; size++) expect(decode(body, size)).toEqual(expected);
    expect(decode(body)).toEqual(expected);
  });

  it('may start with a byte order mark, which is not part of the first field', () => {
    expect(decode('\uFEFFdata: x\n\n', 1)).toEqual([['', 'x']]);
    expect(decode('data: \uFEFFx\n\n')).toEqual([['', '\uFEFFx']]);
  });

  it('keep invalid UTF-8 as replacement characters instead of failing', () => {
    expect(decode(Buffer.from([...Buffer.from('data: a'), 0xff, 0x62, 0x0a, 0x0a]))).toEqual([['', 'a\uFFFDb']]);
  });

  it('end a line at its CR, without waiting for more', () => {
    const decoder = new SseDecoder();
    const events: string[] = [];
    decoder.push(Buffer.from('data: x\r\r'), (_event, data) => void events.push(data));
    expect(events).toEqual(['x']);
  });

  it('do not exist in another kind of body', () => {
    expect(decode('{"error":{"message":"no"}}')).toEqual([]);
    expect(decode('')).toEqual([]);
  });
});
