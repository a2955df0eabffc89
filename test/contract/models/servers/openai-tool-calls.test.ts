import { describe, expect, it } from 'vitest';
import { delta, sse, stop, useServer } from './serve.ts';

const server = useServer();

/** The calls of a stream with these fragments of `tool_calls`, each list a delta. */
async function callsOf(...fragments: unknown[][]) {
  const chunks = fragments.map((calls) => delta({ tool_calls: calls }));
  const answer = await server.ask(sse(...chunks, stop('tool_calls'), '[DONE]'));
  expect(answer).toMatchObject({ error: undefined, finish: { reason: 'tool-calls' } });
  return answer.calls;
}
const part = (name: string | undefined, args: unknown, more: Record<string, unknown> = {}) => ({
  type: 'function',
  function: { ...(name === undefined ? {} : { name }), ...(args === undefined ? {} : { arguments: args }) },
  ...more,
});
const CITY = [{ id: 'a', name: 'get_weather', input: { city: 'Oslo' } }];
const TWO = [
  { id: 'a', name: 'f', input: { x: 1 } },
  { id: 'b', name: 'g', input: { y: 2 } },
];

describe('fragments of a tool call', () => {
  it('without an index are joined by their id, otherwise to the last call', async () => {
    expect(
      await callsOf(
        [part('get_weather', '{"ci', { id: 'a' })],
        [part(undefined, 'ty":"Os')],
        [part(undefined, 'lo"}')],
      ),
    ).toEqual(CITY);
    expect(
      await callsOf(
        [part('f', '{"x"', { id: 'a' }), part('g', '{"y"', { id: 'b' })],
        [part(undefined, ':1}', { id: 'a' }), part(undefined, ':2}', { id: 'b' })],
      ),
    ).toEqual(TWO);
  });

  it('without index and id are separate calls if a name starts one', async () => {
    const calls = await callsOf([part('f', '{"x":1}'), part('g', '{"y":2}')], [part('g', '{"y":3}')]);

    expect(calls.map(({ name, input }) => ({ name, input }))).toEqual([
      { name: 'f', input: { x: 1 } },
      { name: 'g', input: { y: 2 } },
      { name: 'g', input: { y: 3 } },
    ]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(3);
  });

  it('may be complete calls without an index, each with its id (Gemini, Grok)', async () => {
    expect(await callsOf([part('f', '{"x":1}', { id: 'a' })], [part('g', '{"y":2}', { id: 'b' })])).toEqual(TWO);
  });

  it('may repeat the name, and the id with it', async () => {
    const again = { index: 0, id: 'a' };
    expect(
      await callsOf(
        [part('get_weather', '', again)],
        [part('get_weather', '{"city":', again)],
        [part('get_weather', '"Oslo"}', again)],
      ),
    ).toEqual(CITY);
    expect(
      await callsOf(
        [part('get_weather', '{"ci', { index: 0, id: 'a' })],
        [part('get_weather', 'ty":"Oslo"}', { index: 0 })],
      ),
    ).toEqual(CITY);
  });

  it('may split the name', async () => {
    const at = { index: 0 };
    expect(
      await callsOf(
        [part('get_', '', { ...at, id: 'a' })],
        [part('weather', '', at)],
        [part(undefined, '{"city":"Oslo"}', at)],
      ),
    ).toEqual(CITY);
  });

  it('may have a new id in the middle of the arguments', async () => {
    expect(
      await callsOf(
        [part('get_weather', '{"city":', { index: 0, id: 'a' })],
        [part('get_weather', '"Oslo"}', { index: 0, id: 'b' })],
      ),
    ).toEqual(CITY);
  });

  it('may increment the index with every piece (Nebius, Cerebras)', async () => {
    expect(
      await callsOf(
        [part('get_weather', '', { index: 0, id: 'a' })],
        [part(undefined, '{"city":', { index: 1 })],
        [part(undefined, '"Oslo"}', { index: 2 })],
      ),
    ).toEqual(CITY);
  });

  it('of parallel calls may all have the index 0, or indices that do not start at 0', async () => {
    for (const [first, second] of [
      [0, 0],
      [1, 2],
    ])
      expect(
        await callsOf(
          [part('f', '{"x":1}', { index: first, id: 'a' })],
          [part('g', '', { index: second, id: 'b' })],
          [part(undefined, '{"y":2}', { index: second })],
        ),
      ).toEqual(TWO);
  });

  it('of parallel calls may share an id at separate indices', async () => {
    const calls = await callsOf(
      [part('f', '{"x":1}', { index: 0, id: 'same' })],
      [part('g', '{"y":', { index: 1, id: 'same' })],
      [part(undefined, '2}', { index: 1, id: 'same' })],
    );

    expect(calls.map(({ name, input }) => ({ name, input }))).toEqual(TWO.map(({ name, input }) => ({ name, input })));
  });

  it('may be one object instead of a list', async () => {
    const call = part('get_weather', '{"city":"Oslo"}', { index: 0, id: 'a' });
    expect((await server.ask(sse(delta({ tool_calls: call }), stop('tool_calls')))).calls).toEqual(CITY);
  });

  it('may have their arguments as an object, as null, or not at all', async () => {
    expect(await callsOf([part('get_weather', { city: 'Oslo' }, { index: 0, id: 'a' })])).toEqual(CITY);
    for (const none of [null, undefined, '', '{}'])
      expect(await callsOf([part('now', none, { index: 0, id: 'a' })])).toEqual([{ id: 'a', name: 'now', input: {} }]);
  });

  it('may omit the `function` around them', async () => {
    expect(await callsOf([{ index: 0, id: 'a', name: 'get_weather', arguments: '{"city":"Oslo"}' }])).toEqual(CITY);
  });

  it('survive nulls and nonsense in the list', async () => {
    expect(await callsOf([null, 1, 'x', part('get_weather', '{"city":"Oslo"}', { id: 'a', index: null })])).toEqual(
      CITY,
    );
  });
});

describe('the legacy function call', () => {
  it('is a tool call', async () => {
    const answer = await server.ask(
      sse(
        delta({ role: 'assistant', content: null, function_call: { name: 'get_weather', arguments: '' } }),
        delta({ function_call: { arguments: '{"city":' } }),
        delta({ function_call: { arguments: '"Oslo"}' } }),
        stop('function_call'),
        '[DONE]',
      ),
    );

    expect(answer.calls).toEqual([{ id: 'call_0', name: 'get_weather', input: { city: 'Oslo' } }]);
    expect(answer.finish).toMatchObject({ reason: 'tool-calls' });
  });

  it('is one in a complete message too', async () => {
    const message = { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{"x":1}' } };
    const { calls } = await server.ask(sse({ choices: [{ index: 0, message, finish_reason: 'function_call' }] }));

    expect(calls).toMatchObject([{ name: 'f', input: { x: 1 } }]);
  });
});
