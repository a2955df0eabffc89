import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokensOf } from '../../../webview/shared/diff/tokens.ts';
import { diffWords } from '../../../webview/shared/diff/word-diff.ts';

/** `the [-low-]{+high+} risk`: a diff as one line of text. */
const shown = (before: string, after: string) =>
  diffWords(before, after)
    .parts.map(({ kind, text }) => (kind === 'same' ? text : kind === 'removed' ? `[-${text}-]` : `{+${text}+}`))
    .join('');

describe('a diff of prose', () => {
  it('shows a changed word as one change', () => {
    expect(shown('The risk is low today.', 'The risk is high today.')).toBe('The risk is [-low-]{+high+} today.');
  });

  it('shows adjacent changed words as one deletion and one insertion', () => {
    expect(shown('We offer him a discount this week.', 'We could send them a voucher this week.')).toBe(
      'We [-offer him a discount-]{+could send them a voucher+} this week.',
    );
  });

  it('includes small words between changed ones in the phrase', () => {
    expect(
      shown(
        'The customer has called twice about the price of the plan, and usage fell sharply after June.',
        'The customer complained repeatedly about rising costs of the plan, and usage fell sharply after June.',
      ),
    ).toBe(
      'The customer [-has called twice about the price-]{+complained repeatedly about rising costs+} of the plan, and usage fell sharply after June.',
    );
  });

  it('keeps changes separate if the text between them is as long as they are', () => {
    expect(shown('a quick brown fox', 'a slow brown dog')).toBe('a [-quick-]{+slow+} brown [-fox-]{+dog+}');
  });

  it('never includes the end of a sentence or a line in a phrase', () => {
    expect(shown('It rose. Then it fell.', 'It grew. Later it fell.')).toBe(
      'It [-rose-]{+grew+}. [-Then-]{+Later+} it fell.',
    );
    expect(shown('one apple\ntwo pears\n', 'one plum\nfive pears\n')).toBe(
      'one [-apple-]{+plum+}\n[-two-]{+five+} pears\n',
    );
  });

  it('compares whole numbers, and scripts without spaces by character', () => {
    expect(shown('costs 1,240.50 a month', 'costs 1,240.75 a month')).toBe('costs [-1,240.50-]{+1,240.75+} a month');
    expect(shown('風険は低いです', '風険は高いです')).toBe('風険は[-低-]{+高+}いです');
    expect(shown('риск низкий сегодня', 'риск высокий сегодня')).toBe('риск [-низкий-]{+высокий+} сегодня');
    expect(shown('مستوى الخطر منخفض', 'مستوى الخطر مرتفع')).toBe('مستوى الخطر [-منخفض-]{+مرتفع+}');
  });
});

describe('a diff of JSON', () => {
  it('changes values and leaves names and structure alone, however short they are', () => {
    const before = '{\n  "risk": "low",\n  "score": 0.8,\n  "ok": true\n}';
    const after = '{\n  "risk": "high",\n  "score": 0.65,\n  "ok": false\n}';
    expect(shown(before, after)).toBe(
      '{\n  "risk": "[-low-]{+high+}",\n  "score": [-0.8-]{+0.65+},\n  "ok": [-true-]{+false+}\n}',
    );
    expect(shown('{"a":1,"b":2}', '{"a":5,"b":6}')).toBe('{"a":[-1-]{+5+},"b":[-2-]{+6+}}');
    expect(shown('["x", "y"]', '["p", "q"]')).toBe('["[-x-]{+p+}", "[-y-]{+q+}"]');
  });
});

it('tokens add up to the text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => tokensOf(text).join('') === text));
});

it('a diff contains both complete texts, for any grouping', () => {
  const texts = fc
    .array(fc.constantFrom('one', 'two', ' ', ' a ', ', ', '. ', '\n', '"', 'three', '0.5'), { maxLength: 40 })
    .map((parts) => parts.join(''));
  const side = (kind: 'added' | 'removed', one: string, two: string) =>
    diffWords(one, two)
      .parts.filter((part) => part.kind === 'same' || part.kind === kind)
      .map((part) => part.text)
      .join('');
  fc.assert(
    fc.property(texts, texts, (one, two) => {
      expect(side('removed', one, two)).toBe(one);
      expect(side('added', one, two)).toBe(two);
    }),
  );
});
