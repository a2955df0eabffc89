/** The version of sacreBLEU whose scores these metrics have: the tests compare them with its values. */
const SACREBLEU = '2.6.0';

/** sacreBLEU's note of how a score was calculated: `nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0`. */
export function writeSignature(references: number | 'var', settings: Readonly<Record<string, string>>): string {
  const parts = Object.entries({ nrefs: String(references), ...settings, version: SACREBLEU });
  return parts.map(([name, value]) => `${name}:${value}`).join('|');
}
