import { describe, expect, it } from 'vitest';
import type { Reply } from '../http-server.ts';
import { delta, json, sse, stop, useServer } from './serve.ts';

const server = useServer();
const good: Reply = { kind: 'body', body: sse(delta({ content: 'Hi' }), stop(), '[DONE]') };
const mistral = json(
  {
    object: 'error',
    message: {
      detail: [
        {
          type: 'extra_forbidden',
          loc: ['body', 'stream_options', 'include_usage'],
          msg: 'Extra inputs are not permitted',
          input: true,
        },
      ],
    },
    type: 'invalid_request_error',
    param: null,
    code: null,
  },
  422,
);

describe('stream_options', () => {
  it('request token counts', async () => {
    const { bodies } = await server.ask(good);

    expect(bodies[0]).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  it.each<[string, Reply]>([
    ['Mistral', mistral],
    [
      'Groq',
      json(
        {
          error: {
            message: "property 'stream_options' is unsupported, did you mean 'stream'?",
            type: 'invalid_request_error',
          },
        },
        400,
      ),
    ],
    [
      'FastAPI',
      json(
        {
          detail: [{ type: 'extra_forbidden', loc: ['body', 'stream_options'], msg: 'Extra inputs are not permitted' }],
        },
        422,
      ),
    ],
    [
      'Venice',
      json(
        { error: [{ code: 'unrecognized_keys', keys: ['stream_options'], path: [], message: 'Unrecognized key(s)' }] },
        400,
      ),
    ],
    ['a gateway that does not say which', json({ error: { message: 'Extra inputs are not permitted' } }, 422)],
    ['an error under the status 200', json({ error: { message: 'Unknown field: stream_options' } })],
  ])('are omitted from then on after they were rejected: %s', async (_, refusal) => {
    const connection = server.open();
    const first = await connection.ask([refusal, good]);

    expect(first).toMatchObject({ text: 'Hi', error: undefined });
    expect(first.bodies).toHaveLength(2);
    expect(first.bodies[1]).not.toHaveProperty('stream_options');
    expect(first.warnings).toEqual([expect.stringContaining('streamOptions: false')]);

    const next = await connection.ask(good);
    expect(next.bodies).toHaveLength(1);
    expect(next.bodies[0]).not.toHaveProperty('stream_options');
    expect(next.warnings).toEqual([]);
  });

  it('are retried without only once', async () => {
    const { error, bodies } = await server.ask([mistral, mistral]);

    expect(error).toMatchObject({ status: 422 });
    expect(bodies).toHaveLength(2);
  });

  it('are not blamed for other errors, nor if they were not sent', async () => {
    const other = json({ error: { message: 'temperature must be below 2' } }, 400);
    expect((await server.ask([other, good])).bodies).toHaveLength(1);
    const named = json({ error: { message: "Unknown parameter: 'top_kk'." } }, 400);
    const request = { parameters: { extra: { top_kk: 5 } } };
    expect((await server.ask([named, good], { request })).bodies).toHaveLength(1);
    expect((await server.ask([mistral, good], { connection: { streamOptions: false } })).bodies).toHaveLength(1);
  });

  it('are omitted by the connection, and by null in the file’s config without a warning', async () => {
    const byConnection = await server.ask(good, { connection: { streamOptions: false } });
    expect(byConnection.bodies[0]).not.toHaveProperty('stream_options');
    const byFile = await server.ask(good, { request: { parameters: { extra: { stream_options: null } } } });
    expect(byFile.bodies[0]).not.toHaveProperty('stream_options');
    expect([...byConnection.warnings, ...byFile.warnings]).toEqual([]);
  });

  it('cannot be set to anything else by the file', async () => {
    const { bodies, warnings } = await server.ask(good, { request: { parameters: { extra: { stream_options: {} } } } });

    expect(bodies[0]).toMatchObject({ stream_options: { include_usage: true } });
    expect(warnings.join()).toContain('stream_options');
  });
});
