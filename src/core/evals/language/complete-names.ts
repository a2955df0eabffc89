import path from 'node:path';
import { splitPrompt } from '../file/read-sources.ts';
import type { EvalNames } from './eval-names.ts';
import { type NamePlace, nameAt, sourcesInText } from './name-at.ts';

interface NameCompletion {
  label: string;
  kind: 'prompt' | 'version' | 'model' | 'file' | 'column' | 'value';
  detail: string | undefined;
  insert: string;
}

interface Context {
  /** Absolute path of the evaluation file. */
  file: string;
  names: EvalNames;
}

type Offer = Omit<NameCompletion, 'insert'>;

/** What can be named at an offset of an evaluation file; undefined where nothing is named. */
export async function completeNames(
  text: string,
  offset: number,
  context: Context,
): Promise<{ start: number; end: number; items: NameCompletion[] } | undefined> {
  const place = nameAt(text, offset);
  if (!place) return undefined;
  const offers = await offersFor(place, text, context);
  const labels = new Set<string>();
  const unique = offers.filter(({ label }) => !labels.has(label) && labels.add(label));
  const items = unique.map((offer) => ({ ...offer, insert: toYaml(offer.label, place) }));
  return { start: place.start, end: place.end, items };
}

async function offersFor(place: NamePlace, text: string, context: Context): Promise<Offer[]> {
  const { file, names } = context;
  const folder = path.dirname(file);
  switch (place.kind) {
    case 'prompt':
      return place.word.includes('@') ? versionOffers(place.word, context) : promptOffers(context);
    case 'model':
      return (await names.models()).map(({ ref, detail }) => ({ label: ref, kind: 'model', detail }));
    case 'dataset': {
      const files = await names.datasets();
      return files.map((one) => ({ label: relative(folder, one), kind: 'file', detail: undefined }));
    }
    case 'baseline': {
      const { prompts } = sourcesInText(text, folder);
      const refs = await Promise.all(prompts.map(({ file, prompt }) => names.refsOf(file ?? prompt)));
      return refs.flat().map((label) => ({ label, kind: 'version', detail: undefined }));
    }
    case 'column': {
      const { datasets, rowColumns } = sourcesInText(text, folder);
      const columns = await Promise.all(datasets.map((one) => names.columns(path.resolve(folder, one))));
      return [...rowColumns, ...columns.flat()].map((label) => ({ label, kind: 'column', detail: undefined }));
    }
    case 'answer-path': {
      const { prompts } = sourcesInText(text, folder);
      const paths = await Promise.all(prompts.map(({ file, prompt }) => names.outputPaths(file ?? prompt)));
      return paths.flat().map((label) => ({ label, kind: 'value', detail: undefined }));
    }
  }
}

/** Each by its name, and by its path. */
async function promptOffers({ file, names }: Context): Promise<Offer[]> {
  const prompts = (await names.prompts()).map(({ name, file: own }) => ({
    name,
    written: relative(path.dirname(file), own),
  }));
  return [
    ...prompts.flatMap(({ name, written }): Offer[] =>
      name === undefined ? [] : [{ label: name, kind: 'prompt', detail: written }],
    ),
    ...prompts.map(({ name, written }): Offer => ({ label: written, kind: 'file', detail: name })),
  ];
}

async function versionOffers(word: string, { file, names }: Context): Promise<Offer[]> {
  const written = word.slice(0, word.lastIndexOf('@'));
  const { prompt, file: own } = splitPrompt(written, path.dirname(file));
  const refs = await names.refsOf(own ?? prompt);
  return refs.map((ref) => ({ label: `${written}@${ref}`, kind: 'version', detail: undefined }));
}

function relative(folder: string, file: string): string {
  return path.relative(folder, file).split(path.sep).join('/');
}

/** Quoted where YAML would read it as something else. */
function toYaml(text: string, { isQuoted, needsSpace }: NamePlace): string {
  if (isQuoted) return text;
  const isPlain =
    /^[\p{L}\p{N}_./$(][^,[\]{}#:]*$/u.test(text.replace(/:(?=\S)/g, '')) &&
    !/^(?:true|false|null|[\d.]+)$/i.test(text);
  return (needsSpace ? ' ' : '') + (isPlain ? text : JSON.stringify(text));
}
