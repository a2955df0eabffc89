import { expect, test } from 'vitest';
import { withChosenSeverity } from '../../../src/core/language/diagnostics/chosen-severity.ts';
import type { Diagnostic } from '../../../src/core/prompts/prompt.ts';

const found: Diagnostic[] = ['price-file', 'unreadable-file', 'invalid-encoding'].map((code) => ({
  code,
  severity: 'error',
  message: code,
  range: { start: 0, end: 0 },
}));
const severities = (chosen: object | undefined) =>
  withChosenSeverity(found, chosen as never).map(({ code, severity }) => `${code} ${severity}`);

test('a diagnostic keeps its severity unless the setting names its code', () => {
  expect(severities(undefined)).toEqual(['price-file error', 'unreadable-file error', 'invalid-encoding error']);
  expect(severities({ 'price-file': 'warning', 'unreadable-file': 'off' })).toEqual([
    'price-file warning',
    'invalid-encoding error',
  ]);
});

test('a setting without a valid severity changes nothing', () => {
  expect(severities({ 'price-file': 'loud', 'invalid-encoding': 1 })).toHaveLength(3);
  expect(withChosenSeverity([{ ...(found[0] as Diagnostic), code: 'toString' }], {})).toHaveLength(1);
});
