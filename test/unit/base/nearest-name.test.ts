import { describe, expect, test } from 'vitest';
import { didYouMean, editDistance, nearestNames } from '../../../src/core/base/nearest-name.ts';

describe('similar names', () => {
  test('swapped neighbors count as one step, like an insertion, a deletion or a replacement', () => {
    expect(editDistance('opneai', 'openai')).toBe(1);
    expect(editDistance('opena', 'openai')).toBe(1);
    expect(editDistance('opeenai', 'openai')).toBe(1);
    expect(editDistance('openaj', 'openai')).toBe(1);
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('', 'abc')).toBe(3);
  });

  test('counting stops at the limit', () => {
    expect(editDistance('abcdefgh', 'zzzzzzzz', 2)).toBe(3);
    expect(editDistance('a', 'abcdefgh', 2)).toBe(3);
  });

  test('the nearest name is first', () => {
    expect(nearestNames('gpt-5.4-mni', ['gpt-5.4', 'gpt-5.4-mini', 'gpt-5.4-nano', 'o3'])[0]).toBe('gpt-5.4-mini');
  });

  test('a name without a date matches the dated one', () => {
    expect(nearestNames('claude-sonnet-4-5', ['claude-sonnet-4-5-20250929', 'gemini-3-flash'])).toEqual([
      'claude-sonnet-4-5-20250929',
    ]);
  });

  test('case is ignored, and nothing is suggested if nothing is similar', () => {
    expect(nearestNames('OpenAI', ['openai'])).toEqual(['openai']);
    expect(nearestNames('zebra', ['openai', 'anthropic'])).toEqual([]);
  });

  test('the sentence fits one, two or three names', () => {
    expect(didYouMean([])).toBeUndefined();
    expect(didYouMean(['a'])).toBe('Did you mean a?');
    expect(didYouMean(['a', 'b', 'c'])).toBe('Did you mean a, b or c?');
  });
});
