import { createPatch, OMIT_HEADERS } from 'diff';
import type { ChangedContent, PromptChange } from '../../../core/versions/describe/changes-between.ts';
import { type ContentChange, describeChange } from '../../../core/versions/describe/describe-change.ts';
import type { EffectiveContent } from '../../../core/versions/results/effective-content.ts';
import type { VersionResults } from '../../../core/versions/results/read-results.ts';

/** How a prompt changed between two points of its history. */
export interface PromptDiff {
  kind: PromptChange['kind'];
  name: string;
  path: string;
  oldPath: string | undefined;
  /** The partials that changed, by path. */
  partials: string[];
  changes: ContentChange[];
  patches: FilePatch[];
  results: { base: VersionResults | undefined; head: VersionResults | undefined };
}

export interface FilePatch {
  oldPath: string | undefined;
  path: string | undefined;
  /** Lines that start with `@@`, a space, `+`, `-` or `\`; undefined if the texts are too different. */
  lines: string[] | undefined;
}

/** One side of a comparison. */
export interface Side {
  path: string;
  content: EffectiveContent;
}

const NOTHING = { source: '', partials: [] };

/** With more edits, a text was replaced rather than edited. */
const MAX_EDITS = 5000;
const CONTEXT = 3;

/** Describes a change between two revisions. */
export function diffChange(
  { change, base, head }: ChangedContent,
  results: ReadonlyMap<string, VersionResults>,
): PromptDiff {
  const { kind, name, path: file, oldPath } = change;
  return diffSides({ kind, name, results }, [
    base && { path: oldPath ?? file, content: base },
    head && { path: file, content: head },
  ]);
}

export function diffSides(
  { kind, name, results }: Pick<PromptDiff, 'kind' | 'name'> & { results: ReadonlyMap<string, VersionResults> },
  [before, after]: [Side | undefined, Side | undefined],
): PromptDiff {
  const resultsOf = (side: Side | undefined) => side && results.get(side.content.hash);
  const partials = before && after ? changedPartials(before.content, after.content) : [];
  return {
    kind,
    name,
    path: after?.path ?? before?.path ?? '',
    oldPath: before && after && before.path !== after.path ? before.path : undefined,
    partials: partials.map(({ path: partial }) => partial),
    // for a new prompt, everything it contains
    changes: after ? describeChange(before?.content ?? NOTHING, after.content) : [],
    patches: [
      ...patchOf(
        { path: before?.path, text: before?.content.source },
        { path: after?.path, text: after?.content.source },
      ),
      ...partials.flatMap((partial) =>
        patchOf({ path: partial.path, text: partial.before }, { path: partial.path, text: partial.after }),
      ),
    ],
    results: { base: resultsOf(before), head: resultsOf(after) },
  };
}

function changedPartials(before: EffectiveContent, after: EffectiveContent) {
  const paths = new Set([...before.partials, ...after.partials].map(({ path: file }) => file));
  const textIn = ({ partials }: EffectiveContent, file: string) => partials.find(({ path: own }) => own === file)?.text;
  return [...paths]
    .sort()
    .map((file) => ({ path: file, before: textIn(before, file), after: textIn(after, file) }))
    .filter((partial) => partial.before !== partial.after);
}

interface FileText {
  path: string | undefined;
  text: string | undefined;
}

function patchOf(before: FileText, after: FileText): FilePatch[] {
  const [from, to] = [before, after].map(({ text }) => text?.replaceAll('\r\n', '\n'));
  if (from === to) return [];
  const options = { context: CONTEXT, maxEditLength: MAX_EDITS, headerOptions: OMIT_HEADERS };
  const patch = createPatch('', from ?? '', to ?? '', undefined, undefined, options);
  return [
    {
      oldPath: from === undefined ? undefined : before.path,
      path: to === undefined ? undefined : after.path,
      // every line of a patch has a sign in front, so that only the end is empty
      lines: patch?.split('\n').filter((line) => line !== ''),
    },
  ];
}
