import { describe, expect, it } from 'vitest';
import type { PreviewSnapshot, Rendering } from '../../../src/protocol/preview.ts';
import { reduce, stateOfSnapshot } from '../../../webview/preview/state.ts';
import { applyBatch } from '../../../webview/shared/follower.ts';

const good = (text: string): Rendering => ({
  ok: true,
  messages: [{ message: { role: 'user', parts: [{ type: 'text', text }] }, tokens: 5 }],
  missing: [],
  estimate: undefined,
  parts: undefined,
  request: { ok: true, url: 'demo:swift', body: '{}' },
});
const bad: Rendering = { ok: false, error: { code: 'invalid-prompt', message: 'Line 1 is open.' } };

const snapshot: PreviewSnapshot = {
  seq: 3,
  prompt: {
    path: '/a.prompt',
    label: 'a.prompt',
    dirty: false,
    model: { ref: 'demo/swift', from: 'file' },
    description: undefined,
    parameters: {},
    outputFormat: 'text',
    fields: [],
    problems: [],
  },
  input: {},
  inputProblems: [],
  rendering: good('one'),
};

describe('the state of the Preview', () => {
  it('keeps the last messages while the typed text cannot be rendered', () => {
    const broken = reduce(stateOfSnapshot(snapshot), { type: 'rendering', rendering: bad });
    expect(broken.error?.message).toBe('Line 1 is open.');
    expect(broken.rendered).toEqual(good('one'));
    const fixed = reduce(broken, { type: 'rendering', rendering: good('two') });
    expect(fixed).toMatchObject({ error: undefined, rendered: good('two') });
  });

  it('shows nothing if the first text was already broken', () => {
    expect(stateOfSnapshot({ ...snapshot, rendering: bad })).toMatchObject({ rendered: undefined, error: bad.error });
  });

  it('applies the next batch, drops an old one and detects a gap', () => {
    const state = stateOfSnapshot(snapshot);
    expect(applyBatch(state, { seq: 3, events: [] }, reduce).kind).toBe('old');
    expect(applyBatch(state, { seq: 5, events: [] }, reduce).kind).toBe('gap');
    const next = applyBatch(state, { seq: 4, events: [{ type: 'input', input: { a: 1 }, problems: [] }] }, reduce);
    expect(next.kind === 'applied' && next.state).toMatchObject({ seq: 4, input: { a: 1 } });
  });
});
