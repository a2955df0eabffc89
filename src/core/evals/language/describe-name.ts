import path from 'node:path';
import { formatCount } from '../../../shared/format.ts';
import { splitPrompt } from '../file/read-sources.ts';
import type { EvalNames } from './eval-names.ts';
import { type NamePlace, nameAt } from './name-at.ts';

interface Context {
  /** Absolute path of the evaluation file. */
  file: string;
  names: EvalNames;
}

/** What the prompt, the model or the dataset at an offset is, in lines; undefined if that is not known. */
export async function describeName(
  text: string,
  offset: number,
  context: Context,
): Promise<{ start: number; end: number; lines: string[] } | undefined> {
  const place = nameAt(text, offset);
  if (!place || place.word.trim() === '') return undefined;
  const lines = await linesFor(place, context);
  return lines.length > 0 ? { start: place.start, end: place.end, lines } : undefined;
}

async function linesFor({ kind, word }: NamePlace, { file, names }: Context): Promise<string[]> {
  const folder = path.dirname(file);
  if (kind === 'model') {
    const model = (await names.models()).find(({ ref }) => ref === word.trim());
    return model ? [model.ref, model.detail].filter((line) => line !== '') : [];
  }
  if (kind === 'prompt') return describePrompt(splitPrompt(word, folder), { file, names });
  if (kind !== 'dataset') return [];
  const dataset = path.resolve(folder, word.trim());
  const [rows, columns] = await Promise.all([names.rowCount(dataset), names.columns(dataset)]);
  const counted = rows === undefined ? [] : [formatCount(rows, 'row')];
  return [...counted, ...(columns.length > 0 ? [`Columns: ${columns.join(', ')}`] : [])];
}

async function describePrompt(
  { prompt, file: own, ref }: ReturnType<typeof splitPrompt>,
  { file, names }: Context,
): Promise<string[]> {
  const known = (await names.prompts()).find((one) => (own === undefined ? one.name === prompt : one.file === own));
  if (!known) return [];
  const where = path.relative(path.dirname(file), known.file).split(path.sep).join('/');
  const refs = await names.refsOf(known.file);
  return [
    `${known.name ?? prompt}: ${where}`,
    ref === undefined ? 'The file as it is now.' : `The version ${ref}.`,
    ...(refs.length > 0 ? [`Labels and saved versions: ${refs.join(', ')}`] : []),
  ];
}
