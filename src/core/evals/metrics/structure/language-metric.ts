import type { Measured, ParameterValues, Scorer } from '../metric.ts';

/** 1 if an answer is in a language (ISO 639-1), as `tinyld` detects it; undefined if it detects none. */
export async function createLanguage({ value }: ParameterValues): Promise<Scorer> {
  const { detectAll } = await import('tinyld/light');
  const expected = String(value).toLowerCase().split(/[-_]/, 1)[0] ?? '';
  return {
    score({ output }): Measured {
      const [best] = detectAll(output);
      if (!best) return { value: null, reason: 'The language of the answer could not be detected.' };
      return best.lang === expected ? { value: 1 } : { value: 0, reason: `The language is ${best.lang}.` };
    },
  };
}
