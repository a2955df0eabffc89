import { parsePrompt } from '../../prompts/parse.ts';
import type { Diagnostic, Range } from '../../prompts/prompt.ts';
import { analyzePrompt } from '../analysis/analyze.ts';
import { inputDeclarations } from '../analysis/declarations.ts';
import type { AnalyzedPrompt, LanguageWorkspace, YamlEntry, YamlValue } from '../syntax/tree.ts';
import type { CheckContext, FileFinding } from './check-context.ts';
import { checkDataset } from './check-dataset.ts';
import { checkDefaults } from './check-defaults.ts';
import { checkKeys } from './check-keys.ts';
import { checkModel } from './check-model.ts';
import { checkPartials } from './check-partials.ts';
import { checkRenderSize } from './check-render-size.ts';
import { checkText } from './check-text.ts';
import { checkVariables } from './check-variables.ts';
import { type SeveritySetting, withChosenSeverity } from './chosen-severity.ts';
import { findConflicts, oursOf } from './merge-conflicts.ts';

export interface CheckOptions {
  /** Absolute; without it partials are not checked. */
  path?: string | undefined;
  /** Without it partials, connections and models are not checked. */
  workspace?: LanguageWorkspace | undefined;
  settings?: { severity?: SeveritySetting } | undefined;
  /** Whether the file at an absolute path in a prompt exists; nothing is reported for paths that were not checked. */
  isFile?: ((file: string, from: string | undefined) => FileFinding) | undefined;
  /** The file's tree, if available. */
  analyzed?: AnalyzedPrompt | undefined;
  now?: number | undefined;
}

/** All diagnostics of a file, in its order. Never throws. */
export function checkPrompt(source: string, options: CheckOptions = {}): Diagnostic[] {
  const { path, workspace, settings, isFile, now = Date.now() } = options;
  const conflicts = findConflicts(source);
  // Both sides at once are not a prompt: only ours is checked, so that one conflict is one error.
  const text = conflicts.length > 0 ? oursOf(source, conflicts) : source;
  const { prompt, diagnostics } = parsePrompt(text, {
    ...(path === undefined ? {} : { path }),
    ...(workspace ? { resolveSchema: (name) => workspace.schema(name, path) } : {}),
  });
  const analyzed = (conflicts.length > 0 ? undefined : options.analyzed) ?? analyzePrompt(text);
  const declarations = inputDeclarations(analyzed.tree);
  const found = { conflicts, diagnostics: [...diagnostics] };
  const context: CheckContext = { prompt, analyzed, declarations, path, workspace, isFile, now, ...found };
  checkText(context);
  const isReadable = !diagnostics.some(({ code }) => code === 'yaml-syntax' || code.startsWith('front-matter'));
  if (isReadable) {
    checkKeys(context);
    checkDefaults(context);
    checkModel(context);
    checkDataset(context);
  } else context.diagnostics.push(...checkSoundKeys(context));
  if (isReadable && !diagnostics.some(({ code }) => code === 'template-syntax' || code === 'template-too-large')) {
    checkVariables(context);
    checkPartials(context);
    checkRenderSize(context);
  }
  const chosen = withChosenSeverity(context.diagnostics, settings?.severity);
  return chosen.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}

/** Diagnostics of keys that a broken line cannot have changed: those above it, and those at the start of a line. */
function checkSoundKeys(context: CheckContext): Diagnostic[] {
  const broken = context.diagnostics.filter(({ code }) => code === 'yaml-syntax').map(({ range }) => range);
  const [first] = broken;
  if (!first) return [];
  const { tree } = context.analyzed;
  const { source, frontMatter } = tree;
  if (!frontMatter) return [];
  const isLine = (offset: number) => offset === 0 || source[offset - 1] === '\n';
  // A colon in a text turns all lines below it into a map.
  const entries = entriesIn(frontMatter.root).filter(({ keyRange }) => isLine(keyRange.start));
  const recovered = { ...tree, frontMatter: { ...frontMatter, root: { ...frontMatter.root, entries } } };
  const found: CheckContext = { ...context, analyzed: { ...context.analyzed, tree: recovered }, diagnostics: [] };
  checkKeys(found);
  return found.diagnostics.filter(({ code, range }) => {
    const shares = broken.some(({ start, end }) => !/\n/.test(between(source, range, { start, end })));
    return code.endsWith('-key') && !shares && (range.end <= first.start || isLine(range.start));
  });
}

function entriesIn(value: YamlValue | undefined): YamlEntry[] {
  if (value?.kind !== 'map') return [];
  return value.entries.flatMap((entry) => [entry, ...entriesIn(entry.value)]);
}

function between(source: string, a: Range, b: Range): string {
  return source.slice(Math.min(a.end, b.end), Math.max(a.start, b.start));
}
