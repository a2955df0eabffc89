import { UserError } from '../../base/errors.ts';
import { datasetNames } from './dataset-names.ts';
import {
  blockParamOccurrences,
  type Occurrence,
  type PromptSymbol,
  symbolAt,
  unquoted,
  variableOccurrences,
} from './find-symbol.ts';
import { findEntry, scalars } from './schema-variables.ts';
import { scopeAt } from './template-scope.ts';
import type { AnalyzedPrompt, PartialNode, Statement } from './tree.ts';
import { findHelper } from './vocabulary.ts';
import { bodiesOf, callName, partialsOf } from './walk-tree.ts';

/** The workspace as far as references cross its files; paths are absolute. */
export interface LanguageFiles {
  /** Every prompt and partial. */
  paths(): readonly string[];
  prompt(path: string): AnalyzedPrompt | undefined;
  partialPath(name: string, from: string): string | undefined;
  /** What a relative path in a prompt's front matter means. */
  resolve(file: string, from: string): string;
  /** The text of a dataset; undefined where there is none. */
  text(path: string): string | undefined;
}

export interface FileOccurrence extends Occurrence {
  path: string;
}

/** A file that is renamed along with the edits. */
export interface Renaming {
  edits: { path: string; range: Occurrence['range']; text: string }[];
  files: { from: string; to: string }[];
}

/** Every place in the workspace that means what stands at an offset. */
export function findReferences(files: LanguageFiles, path: string, offset: number): FileOccurrence[] {
  const prompt = files.prompt(path);
  const symbol = prompt && symbolAt(prompt, offset);
  return prompt && symbol ? referencesTo(files, { path, prompt, symbol }) : [];
}

interface SymbolInFile {
  path: string;
  prompt: AnalyzedPrompt;
  symbol: PromptSymbol;
}

function referencesTo(files: LanguageFiles, { path, prompt, symbol }: SymbolInFile): FileOccurrence[] {
  switch (symbol.kind) {
    case 'variable':
      return variableReferences(files, path, symbol.name);
    case 'block-param':
      return blockParamOccurrences(prompt, symbol.declaration).map((found) => ({ ...found, path }));
    case 'argument': {
      const target = files.partialPath(symbol.partial, path);
      return target === undefined ? [] : variableReferences(files, target, symbol.name);
    }
    case 'partial': {
      const target = files.partialPath(symbol.name, path);
      return target === undefined ? [] : partialReferences(files, target);
    }
    case 'field':
      return [];
  }
}

/** Every call of a partial's file. */
export function partialReferences(files: LanguageFiles, target: string): FileOccurrence[] {
  return files
    .paths()
    .flatMap((path) =>
      callsTo(files, path, target).map(({ call }): FileOccurrence => ({ path, range: call.nameRange, role: 'name' })),
    );
}

interface PartialCall {
  call: PartialNode;
  /** The partial sees the caller's own names: no context is given, and none is changed by a block around. */
  sharesNames: boolean;
}

function callsTo(files: LanguageFiles, path: string, target: string): PartialCall[] {
  const prompt = files.prompt(path);
  if (!prompt || partialsOf(prompt.tree).length === 0) return [];
  return partialCalls(prompt).filter(
    ({ call }) => call.name !== undefined && files.partialPath(call.name, path) === target,
  );
}

function partialCalls(prompt: AnalyzedPrompt): PartialCall[] {
  const calls: PartialCall[] = [];
  const walk = (body: readonly Statement[], atRoot: boolean) => {
    for (const statement of body) {
      if (statement.kind === 'partial')
        calls.push({ call: statement, sharesNames: atRoot && statement.params.length === 0 });
      const name = statement.kind === 'block' ? callName(statement.call) : undefined;
      const changes =
        statement.kind === 'block' &&
        !statement.inverted &&
        (name === 'each' || name === 'with' || name === undefined || !findHelper(name));
      const [inside = [], inverse = []] = bodiesOf(statement);
      walk(inside, atRoot && !changes);
      walk(inverse, atRoot);
    }
  };
  walk(prompt.tree.template.body, true);
  return calls;
}

/**
 * A variable's places across files. A partial that is called without arguments reads its caller's names, and a dataset
 * holds the names of every prompt that it is for, so all of them mean one variable and are renamed together.
 */
function variableReferences(files: LanguageFiles, path: string, name: string): FileOccurrence[] {
  const found: FileOccurrence[] = [];
  const seen = new Set<string>([path]);
  const queue = [path];
  const link = (next: string | undefined) => {
    if (next === undefined || seen.has(next)) return;
    seen.add(next);
    queue.push(next);
  };
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    const prompt = files.prompt(at);
    if (!prompt) {
      found.push(...inDataset(files, at, name));
      for (const other of promptsOf(files, at)) link(other);
      continue;
    }
    const here = at;
    found.push(...variableOccurrences(prompt, name).map((occurrence) => ({ ...occurrence, path: here })));
    for (const target of sharedPartials(files, { path: here, prompt, name })) link(target);
    found.push(...argumentsFor(files, here, name, link));
    link(datasetOf(files, here)?.path);
  }
  return found;
}

/** The partials that read a name of this prompt, themselves or by a partial of their own. */
function sharedPartials(
  files: LanguageFiles,
  { path, prompt, name }: { path: string; prompt: AnalyzedPrompt; name: string },
  seen = new Set<string>(),
): string[] {
  return partialCalls(prompt).flatMap(({ call, sharesNames }) => {
    const isGiven = call.hash.some(({ key }) => key === name);
    const target = sharesNames && !isGiven && call.name !== undefined ? files.partialPath(call.name, path) : undefined;
    const partial = target === undefined || seen.has(target) ? undefined : files.prompt(target);
    if (target === undefined || !partial) return [];
    seen.add(target);
    const deeper = sharedPartials(files, { path: target, prompt: partial, name }, seen);
    return deeper.length > 0 || variableOccurrences(partial, name).length > 0 ? [target, ...deeper] : [];
  });
}

/** Where callers give a partial's variable by name; callers that share their names with it are linked. */
function argumentsFor(
  files: LanguageFiles,
  target: string,
  name: string,
  link: (path: string) => void,
): FileOccurrence[] {
  if (!isPartial(target)) return [];
  return files.paths().flatMap((path) =>
    callsTo(files, path, target).flatMap(({ call, sharesNames }): FileOccurrence[] => {
      const pair = call.hash.find(({ key }) => key === name);
      if (!pair && sharesNames) link(path);
      return pair ? [{ path, range: pair.keyRange, role: 'argument' }] : [];
    }),
  );
}

export function isPartial(path: string): boolean {
  return /(?:^|[\\/])_[^\\/]*\.prompt$/.test(path);
}

/** The dataset that a prompt names, with the place that names it. */
export function datasetOf(
  files: LanguageFiles,
  path: string,
): { path: string; range: Occurrence['range'] } | undefined {
  const tree = files.prompt(path)?.tree;
  const [named] = scalars(tree?.frontMatter && findEntry(tree.frontMatter.root, ['llmops.dataset'])?.value);
  if (!tree || !named) return undefined;
  return { path: files.resolve(named.text, path), range: unquoted(tree, named.range) };
}

function promptsOf(files: LanguageFiles, dataset: string): string[] {
  return files.paths().filter((path) => datasetOf(files, path)?.path === dataset);
}

function inDataset(files: LanguageFiles, path: string, name: string): FileOccurrence[] {
  return datasetNames(path, files.text(path) ?? '')
    .filter((found) => found.name === name)
    .map(({ range }) => ({ path, range, role: 'data' }));
}

/** Where the thing at an offset is declared: for a partial, its file. */
export function findDefinition(files: LanguageFiles, path: string, offset: number): FileOccurrence[] {
  const prompt = files.prompt(path);
  const symbol = prompt && symbolAt(prompt, offset);
  if (!prompt || !symbol) return [];
  if (symbol.kind === 'partial') {
    const target = files.partialPath(symbol.name, path);
    return target === undefined ? [] : [{ path: target, range: { start: 0, end: 0 }, role: 'declaration' }];
  }
  if (symbol.kind === 'block-param') return [{ path, range: symbol.declaration, role: 'declaration' }];
  if (symbol.kind === 'field') {
    const field = scopeAt(prompt, offset).fields.find(({ name }) => name === symbol.name);
    return field ? [{ path, range: field.range, role: 'declaration' }] : [];
  }
  const all = referencesTo(files, { path, prompt, symbol });
  for (const role of ['declaration', 'default', 'argument', 'read'] as const) {
    const found = all.filter((occurrence) => occurrence.role === role);
    // An argument leads into the partial; a partial's own variable leads to whoever gives it.
    if (role === 'argument' && symbol.kind === 'argument') continue;
    if (found.length > 0) return role === 'read' ? found.slice(0, 1) : found;
  }
  return [];
}

const VARIABLE_NAME = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;
const PARTIAL_NAME = /^[\p{L}\p{N}_$][\p{L}\p{N}_$.-]*$/u;

/** The name that a rename starts from; undefined where nothing can be renamed. */
export function renameTarget(
  prompt: AnalyzedPrompt,
  offset: number,
): { name: string; range: Occurrence['range'] } | undefined {
  const symbol = symbolAt(prompt, offset);
  if (!symbol || symbol.kind === 'field') return undefined;
  if (symbol.kind !== 'partial') return { name: symbol.name, range: symbol.range };
  // Only the file's own name is renamed, not the folder before it.
  const start = symbol.range.start + symbol.name.lastIndexOf('/') + 1;
  return {
    name: symbol.name.slice(symbol.name.lastIndexOf('/') + 1),
    range: { start, end: symbol.range.start + symbol.name.length },
  };
}

/** Every edit that gives the thing at an offset a new name. Throws UserError where the name is taken or not a name. */
export function renameSymbol(files: LanguageFiles, place: { path: string; offset: number }, newName: string): Renaming {
  const prompt = files.prompt(place.path);
  const symbol = prompt && symbolAt(prompt, place.offset);
  if (!prompt || !symbol || symbol.kind === 'field')
    throw refuse('There is nothing here that can be renamed.', 'Choose a variable or a partial.');
  if (symbol.kind === 'partial') return renamePartial(files, files.partialPath(symbol.name, place.path), newName);
  if (!VARIABLE_NAME.test(newName))
    throw refuse(`\`${newName}\` is not a name.`, 'Use letters, digits and _, beginning with a letter.');
  if (findHelper(newName)) throw refuse(`\`${newName}\` is a helper’s name.`, 'Choose another name.');
  const found = referencesTo(files, { path: place.path, prompt, symbol });
  for (const path of new Set(found.map((occurrence) => occurrence.path))) refuseTaken(files, path, newName);
  return { edits: found.map(({ path, range }) => ({ path, range, text: newName })), files: [] };
}

function refuseTaken(files: LanguageFiles, path: string, name: string): void {
  const prompt = files.prompt(path);
  const taken = prompt
    ? variableOccurrences(prompt, name).length > 0
    : datasetNames(path, files.text(path) ?? '').some((found) => found.name === name);
  if (taken) throw refuse(`${path} already has \`${name}\`.`, 'Choose a name that none of the files has.');
}

/** The file gets the new name, and every call of it. */
export function renamePartial(files: LanguageFiles, target: string | undefined, newName: string): Renaming {
  if (target === undefined) throw refuse('There is no file for this partial.', 'Create it first.');
  if (!PARTIAL_NAME.test(newName))
    throw refuse(`\`${newName}\` is not a partial’s name.`, 'Use letters, digits, _ and -.');
  const to = target.replace(/_[^\\/]*\.prompt$/, `_${newName}.prompt`);
  if (to !== target && files.prompt(to)) throw refuse(`${to} exists already.`, 'Choose another name.');
  return { edits: callEdits(files, target, newName), files: [{ from: target, to }] };
}

/** The edits that let every call of a partial name it anew, for a file renamed in the explorer too. */
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
