import { describe, expect, it } from 'vitest';
import type { Connection } from '../../../src/core/models/connection.ts';
import { readEndpoint, routeModel } from '../../../src/core/models/vertexai/vertexai-endpoint.ts';

const place = { project: 'p', location: 'europe-west4' };
const parent = 'projects/p/locations/europe-west4';
const connection = (fields: Partial<Connection>): Connection => ({
  id: 'v',
  type: 'vertexai',
  source: 'settings',
  headers: {},
  ...fields,
});

describe('routing a model of Vertex AI', () => {
  it.each([
    ['gemini-2.5-flash', { kind: 'gemini', resource: `${parent}/publishers/google/models/gemini-2.5-flash` }],
    ['google/gemini-2.5-flash', { kind: 'gemini', resource: `${parent}/publishers/google/models/gemini-2.5-flash` }],
    ['publishers/google/models/gemini-3', { kind: 'gemini', resource: `${parent}/publishers/google/models/gemini-3` }],
    ['endpoints/123', { kind: 'gemini', resource: `${parent}/endpoints/123` }],
    ['projects/q/locations/us/endpoints/9', { kind: 'gemini', resource: 'projects/q/locations/us/endpoints/9' }],
    ['claude-opus-4-5@20251101', { kind: 'claude', model: 'claude-opus-4-5@20251101' }],
    ['anthropic/claude-opus-5', { kind: 'claude', model: 'claude-opus-5' }],
    ['meta/llama-3.3-70b-instruct-maas', { kind: 'openai', model: 'meta/llama-3.3-70b-instruct-maas' }],
    ['publishers/qwen/models/qwen3-maas', { kind: 'openai', model: 'qwen/qwen3-maas' }],
  ])('sends %s the right way', (model, route) => {
    expect(routeModel(model, place)).toEqual(route);
  });
});

describe('the endpoint of a connection', () => {
  it.each([
    [{}, 'aiplatform.googleapis.com', 443, true],
    [{ location: 'us-central1' }, 'us-central1-aiplatform.googleapis.com', 443, true],
    [{ location: 'eu' }, 'aiplatform.eu.rep.googleapis.com', 443, true],
    [{ baseUrl: 'https://aiplatform.eu.rep.googleapis.com/v1' }, 'aiplatform.eu.rep.googleapis.com', 443, true],
    [{ baseUrl: 'https://aiplatform-mine.p.googleapis.com' }, 'aiplatform-mine.p.googleapis.com', 443, true],
    [{ baseUrl: 'https://vertex.corp:8443/' }, 'vertex.corp', 8443, false],
    [{ baseUrl: 'https://googleapis.com.evil.example' }, 'googleapis.com.evil.example', 443, false],
    [{ baseUrl: 'https://evilgoogleapis.com' }, 'evilgoogleapis.com', 443, false],
    [{ baseUrl: 'http://127.0.0.1:8080' }, '127.0.0.1', 8080, false],
  ])('of %j sends Google’s credentials only to Google', (fields, host, port, acceptsDefaultCredentials) => {
    expect(readEndpoint(connection(fields))).toMatchObject({ host, port, acceptsDefaultCredentials });
  });

  it('keeps the path of a gateway and drops the version', () => {
    expect(readEndpoint(connection({ baseUrl: 'https://gateway.corp/vertex/v1/' })).baseUrl).toBe(
      'https://gateway.corp/vertex',
    );
  });
});
