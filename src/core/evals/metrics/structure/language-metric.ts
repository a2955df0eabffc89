import type { Measured, ParameterValues, Scorer } from '../metric.ts';

/** The languages that `tinyld/light` detects (ISO 639-1); its larger editions would be a twentieth of the extension. */
export const LANGUAGES = 'ar bn de el en es fi fr he hi hu it ja ko nl no pl pt ro ru sv th tr zh'.split(' ');

/** Below these, the best language is hardly better than the next: half of the errors are there. */
const LEAST_SHARE = 0.1;
const LEAST_LEAD = 0.025;

/** 1 if an answer is in a language, as `tinyld` detects it; undefined if that is not clear, as for short answers. */
export async function createLanguage({ value }: ParameterValues): Promise<Scorer> {
  const { detectAll } = await import('tinyld/light');
  return {
    score({ output }): Measured {
      const [best, next] = detectAll(output);
      const isClear = best && (best.accuracy >= LEAST_SHARE || best.accuracy - (next?.accuracy ?? 0) >= LEAST_LEAD);
      if (!isClear) return { value: null, reason: 'The language of the answer could not be detected.' };
      return best.lang === value ? { value: 1 } : { value: 0, reason: `The language is ${best.lang}.` };
    },
  };
}
