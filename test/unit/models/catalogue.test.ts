import { describe, expect, it } from 'vitest';
import { CATALOGUE_DATE, modelCapabilities } from '../../../src/core/models/catalogue/catalogue.ts';
import { CATALOGUE } from '../../../src/core/models/catalogue/catalogue-data.ts';
import { loadBuiltInList } from '../../../src/core/models/prices/list/price-list.ts';

describe('the model catalogue', () => {
  it('is dated', () => {
    expect(CATALOGUE_DATE).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it('returns nothing for unknown models', () => {
    expect(modelCapabilities('openai', 'model-of-tomorrow')).toBeUndefined();
    expect(modelCapabilities('openai-compatible', 'gpt-5')).toBeUndefined();
    expect(modelCapabilities('vscode', 'gpt-5')).toBeUndefined();
  });

  it.each([
    ['openai', 'gpt-6-astra', false],
    ['openai', 'gpt-5.6-luna', false],
    ['openai', 'gpt-5-mini-2025-08-07', false],
    ['openai', 'o3', false],
    ['anthropic', 'claude-opus-4-7', false],
    ['anthropic', 'claude-opus-5-5', false],
    ['anthropic', 'claude-haiku-5-5', false],
    ['vertexai', 'claude-sonnet-5@20260630', false],
    ['openai', 'gpt-5.2', 'without-reasoning'],
    ['openai', 'gpt-4.1-mini', { min: 0, max: 2 }],
    ['openai', 'gpt-5-chat-latest', { min: 0, max: 2 }],
    ['anthropic', 'claude-sonnet-4-6', { min: 0, max: 1 }],
    ['anthropic', 'claude-haiku-4-5-20251001', { min: 0, max: 1 }],
    ['vertexai', 'publishers/google/models/gemini-2.5-flash', { min: 0, max: 2 }],
    ['googleai', 'gemini-3.8-flash', { min: 0, max: 2 }],
  ] as const)('%s/%s: temperature %j', (type, model, expected) => {
    expect(modelCapabilities(type, model)?.temperature).toEqual(expected);
  });

  it('treats a fine-tuned model as its base model', () => {
    expect(modelCapabilities('openai', 'ft:gpt-4.1-mini-2025-04-14:acme::abc')).toBe(
      modelCapabilities('openai', 'gpt-4.1-mini'),
    );
  });

  it('agrees with the price list on context windows', async () => {
    const providers = { openai: 'openai', anthropic: 'anthropic', googleai: 'google' } as const;
    const { providers: listed } = await loadBuiltInList();
    const compared: string[] = [];
    for (const [type, providerId] of Object.entries(providers)) {
      for (const model of listed.find(({ id }) => id === providerId)?.models ?? []) {
        const window = modelCapabilities(type as keyof typeof providers, model.id)?.contextWindow;
        if (window === undefined || model.context_window === undefined) continue;
        compared.push(model.id);
        // Both sides round: 1,000,000 means 1,048,576 or 1,050,000.
        expect(window / model.context_window, model.id).toBeGreaterThan(0.9);
        expect(window / model.context_window, model.id).toBeLessThan(1.1);
      }
    }
    expect(compared.length).toBeGreaterThan(30);
  });

  it('is consistent', () => {
    for (const { pattern, can } of Object.values(CATALOGUE).flat()) {
      const known = can.reasoningEfforts;
      if (can.defaultEffort !== undefined && known?.length) expect(known, String(pattern)).toContain(can.defaultEffort);
      if (can.temperature === 'without-reasoning') expect(known, String(pattern)).toContain('none');
      if (can.contextWindow !== undefined)
        expect(can.maxOutputTokens ?? 0, String(pattern)).toBeLessThanOrEqual(can.contextWindow);
    }
  });
});
