import path from 'node:path';
import { structuredPatch } from 'diff';
import { type ContentChange, describeChange } from '../core/versions/describe-change.ts';
import type { EffectiveContent, PromptChange, VersionResults, Versions } from '../core/versions/versions.ts';

/** What became of one prompt between two places of its history. */
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
  /** Lines that begin with `@@`, a space, `+`, `-` or `\`; undefined where the texts are too different to be shown so. */
  lines: string[] | undefined;
}

/** One side of a comparison. */
export interface Side {
  path: string;
  content: EffectiveContent;
}

const NOTHING = { source: '', partials: [] };

/** Beyond this a text was replaced rather than edited. */
const MOST_EDITS = 5000;
const CONTEXT = 3;

/** Reads both sides of a change and says how they differ. */
export async function readDiff(versions: Versions, change: PromptChange, root: string): Promise<PromptDiff> {
  const { base, head, path: file, oldPath } = change;
  const [before, after] = await Promise.all([
    base && readSide(versions, base.commit, path.join(root, oldPath ?? file)),
    head && readSide(versions, head.commit, path.join(root, file)),
  ]);
  return diffSides(versions, { kind: change.kind, name: change.name }, [
    before && { path: oldPath ?? file, content: before },
    after && { path: file, content: after },
  ]);
}

async function readSide(versions: Versions, commit: string | undefined, file: string): Promise<EffectiveContent> {
  return commit === undefined ? versions.workingContent(file) : (await versions.read(commit, file)).content;
}

export async function diffSides(
  versions: Versions,
  { kind, name }: Pick<PromptDiff, 'kind' | 'name'>,
  [before, after]: [Side | undefined, Side | undefined],
): Promise<PromptDiff> {
  const hashes = [before, after].flatMap((side) => side?.content.hash ?? []);
  const results = await versions.results(hashes);
  const resultsOf = (side: Side | undefined) => side && results.get(side.content.hash);
  const partials = before && after ? changedPartials(before.content, after.content) : [];
  return {
    kind,
    name,
    path: after?.path ?? before?.path ?? '',
    oldPath: before && after && before.path !== after.path ? before.path : undefined,
    partials: partials.map(({ path: partial }) => partial),
    // of a new prompt it is told what it brings
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
  const place = {
    oldPath: from === undefined ? undefined : before.path,
    path: to === undefined ? undefined : after.path,
  };
  const options = { context: CONTEXT, maxEditLength: MOST_EDITS };
  const patch = structuredPatch('', '', from ?? '', to ?? '', undefined, undefined, options);
  const lines = patch?.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines: own }) => [
    `@@ -${placeOf(oldStart, oldLines)} +${placeOf(newStart, newLines)} @@`,
    ...own,
  ]);
  return [{ ...place, lines }];
}

/** Of no lines git names the line before them: 0 where there is no file. */
function placeOf(start: number, lines: number): string {
  return `${lines === 0 ? start - 1 : start},${lines}`;
}
