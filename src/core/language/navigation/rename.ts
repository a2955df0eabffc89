import { UserError } from '../../base/errors.ts';
import { declaredInFile } from '../analysis/declared-in-file.ts';
import { isSamePath, nameOccurrences, type Occurrence, symbolAt } from '../analysis/find-symbol.ts';
import type { NamePath } from '../analysis/name-uses.ts';
import { findHelper } from '../analysis/vocabulary.ts';
import { statementsOf } from '../syntax/walk-tree.ts';
import { datasetPlaces } from '../workspace/dataset-names.ts';
import { type LanguageFiles, partialReferences } from '../workspace/language-files.ts';
import { linkedNames, type NameOf } from './linked-names.ts';
import { referencesTo, type SymbolInFile } from './references.ts';

/** A file that is renamed along with the edits. */
export interface Renaming {
  edits: { path: string; range: Occurrence['range']; text: string }[];
  files: { from: string; to: string }[];
}

const VARIABLE_NAME = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;
const PARTIAL_NAME = /^[\p{L}\p{N}_$][\p{L}\p{N}_$.-]*$/u;
/** Names with a special meaning in Handlebars or YAML. */
const RESERVED: ReadonlySet<string> = new Set(['this', 'else', 'as', 'true', 'false', 'null', 'undefined']);

/** The current name of the symbol; undefined if nothing can be renamed. */
export function renameTarget(
  prompt: SymbolInFile['prompt'],
  offset: number,
): { name: string; range: Occurrence['range'] } | undefined {
  const symbol = symbolAt(prompt, offset);
  if (!symbol || symbol.kind === 'schema' || (symbol.kind === 'field' && !symbol.names)) return undefined;
  if (symbol.kind !== 'partial') return { name: symbol.name, range: symbol.range };
  // Only the file's own name is renamed, not the folder before it.
  const start = symbol.range.start + symbol.name.lastIndexOf('/') + 1;
  return {
    name: symbol.name.slice(symbol.name.lastIndexOf('/') + 1),
    range: { start, end: symbol.range.start + symbol.name.length },
  };
}

/** Every edit for renaming the symbol at an offset. Throws UserError if the name is taken or not a name. */
export function renameSymbol(files: LanguageFiles, place: { path: string; offset: number }, newName: string): Renaming {
  const { path } = place;
  const prompt = files.prompt(path);
  const symbol = prompt && symbolAt(prompt, place.offset);
  if (!prompt || !symbol || symbol.kind === 'schema' || (symbol.kind === 'field' && !symbol.names))
    throw refuse('You cannot rename this element.', 'Select a variable, one of its fields or a partial.');
  if (symbol.kind === 'partial') return renamePartial(files, files.partialPath(symbol.name, path), newName);
  if (!VARIABLE_NAME.test(newName) || RESERVED.has(newName))
    throw refuse(`\`${newName}\` is not a valid name.`, 'Use letters, digits and _, starting with a letter.');
  if (findHelper(newName)) throw refuse(`\`${newName}\` is the name of a helper.`, 'Choose another name.');
  if (newName === symbol.name) return { edits: [], files: [] };
  if (symbol.kind === 'block-param') {
    refuseTaken(files, { path, names: [symbol.name] }, newName);
    refuseParam(files, path, newName);
    const found = referencesTo(files, { path, prompt, symbol });
    return { edits: found.map(({ range }) => ({ path, range, text: newName })), files: [] };
  }
  const target = symbol.kind === 'argument' ? files.partialPath(symbol.partial, path) : path;
  const names = symbol.kind === 'argument' ? [symbol.name] : (symbol.names ?? []);
  const linked = linkedNames(files, { path: target ?? path, names });
  for (const name of linked.names) {
    refuseOfFile(files, name);
    refuseTaken(files, name, newName);
  }
  for (const file of new Set(linked.occurrences.map((one) => one.path))) refuseParam(files, file, newName);
  return { edits: linked.occurrences.map((one) => ({ path: one.path, range: one.range, text: newName })), files: [] };
}

/** A named schema may be used by any prompt, and by programs outside this workspace. */
function refuseOfFile(files: LanguageFiles, { path, names }: NameOf): void {
  const found = declaredInFile(files, path, names);
  if (!found) return;
  const { place, variable } = found;
  throw refuse(
    `\`${variable.name}\` is declared in ${place.path}, which other prompts may use, too.`,
    'Rename the field in that file, then in the prompts that use it.',
  );
}

function refuseTaken(files: LanguageFiles, { path, names }: NameOf, newName: string): void {
  const beside: NamePath = [...names.slice(0, -1), newName];
  if (isSamePath(beside, names)) return;
  const prompt = files.prompt(path);
  const taken = prompt
    ? nameOccurrences(prompt, beside).length > 0
    : datasetPlaces(path, files.text(path) ?? '', beside).length > 0;
  if (taken) throw refuse(`${path} already has \`${newName}\`.`, 'Choose a name that is not used in these files.');
}

/** A block's own name would hide the renamed one. */
function refuseParam(files: LanguageFiles, path: string, newName: string): void {
  const body = files.prompt(path)?.tree.template.body ?? [];
  for (const statement of statementsOf(body)) {
    if (statement.kind === 'block' && statement.blockParams.some(({ name }) => name === newName)) {
      throw refuse(
        `A block in ${path} already defines \`${newName}\`.`,
        'Choose a name that is not used in these files.',
      );
    }
  }
}

/** Renames the file and every call of it. */
function renamePartial(files: LanguageFiles, target: string | undefined, newName: string): Renaming {
  if (target === undefined) throw refuse('This partial has no file.', 'Create it first.');
  if (!PARTIAL_NAME.test(newName))
    throw refuse(`\`${newName}\` is not a valid partial name.`, 'Use letters, digits, _ and -.');
  const to = target.replace(/_[^\\/]*\.prompt$/, `_${newName}.prompt`);
  if (to !== target && files.prompt(to)) throw refuse(`${to} already exists.`, 'Choose another name.');
  return { edits: callEdits(files, target, newName), files: [{ from: target, to }] };
}

/** The edits that update every call of a partial, also for a file renamed in the explorer. */
export function callEdits(files: LanguageFiles, target: string, newName: string): Renaming['edits'] {
  return partialReferences(files, target).map(({ path, range }) => {
    const written = files.prompt(path)?.tree.source.slice(range.start, range.end) ?? '';
    const start = range.start + written.lastIndexOf('/') + 1;
    const quote = /["']$/.test(written) ? 1 : 0;
    const first = /^["']/.test(written) && !written.includes('/') ? 1 : 0;
    return { path, range: { start: start + first, end: range.end - quote }, text: newName };
  });
}

function refuse(message: string, hint: string): UserError {
  return new UserError(message, { code: 'invalid-input', hint });
}
