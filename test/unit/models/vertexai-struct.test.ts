import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromStruct, toPlainJson, toStruct } from '../../../src/core/models/vertexai/vertexai-struct.ts';

describe('google.protobuf.Struct', () => {
  it('returns any JSON object that was converted to it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), (record) => {
        const plain: unknown = JSON.parse(JSON.stringify(record));
        expect(JSON.parse(JSON.stringify(fromStruct(toStruct(plain))))).toEqual(plain);
      }),
    );
  });
});

describe('showing a decoded message', () => {
  it('leaves out defaults and the names of oneofs, and writes bytes in base64', () => {
    const part = {
      text: 'data',
      data: 'text',
      thought: false,
      thoughtSignature: Buffer.from('proof'),
      inlineData: null,
    };
    const message = {
      candidates: [
        {
          index: 0,
          content: { role: 'model', parts: [part] },
          finishReason: 'FINISH_REASON_UNSPECIFIED',
          safetyRatings: [],
        },
      ],
      usageMetadata: null,
      _score: 'score',
    };
    expect(toPlainJson(message)).toEqual({
      candidates: [{ content: { role: 'model', parts: [{ text: 'data', thoughtSignature: 'cHJvb2Y=' }] } }],
    });
  });

  it('writes arguments as plain JSON, including falsy values', () => {
    const functionCall = { name: 'f', args: toStruct({ zero: 0, no: false, none: null, empty: '' }) };
    expect(toPlainJson({ functionCall })).toEqual({
      functionCall: { name: 'f', args: { zero: 0, no: false, none: null, empty: '' } },
    });
  });
});
