import { UserError } from '../../../core/base/errors.ts';
import type { LabelMove } from '../../../core/versions/labels/label-history.ts';
import type { LabelOptions } from '../../../core/versions/labels/move-label.ts';
import type { Label } from '../../../core/versions/labels/read-labels.ts';
import { checkLabel } from '../../../core/versions/names/ref-names.ts';
import { UNKNOWN } from '../../../shared/format.ts';
import type { CommandContext } from '../../context.ts';
import { formatDay, formatTable, left } from '../../output/table.ts';
import type { VersionsValues } from '../versions.ts';
import { printBroken } from './list.ts';
import { readAuthor } from './save.ts';
import { type OpenPrompt, withPrompt } from './with-prompt.ts';

/** `llmops versions label`: lists the labels, or moves a label to the specified version. */
export async function run(values: VersionsValues['label'], context: CommandContext): Promise<void> {
  const { prompt, label, why = '', remove, history } = values;
  if (label === undefined && (remove || history)) {
    throw new UserError(`${remove ? '--remove' : '--history'} needs the name of a label.`, {
      code: 'usage',
      hint: 'Use llmops versions label FILE LABEL and the option after it.',
    });
  }
  if (label !== undefined) checkLabel(label);
  const author = readAuthor(values.author);
  await withPrompt(prompt, context, (open) => {
    if (label === undefined) return listLabels(open);
    const move = { label, why, ...(author ? { author } : {}) };
    if (history) return showHistory(open, label);
    return remove ? removeLabel(open, move) : moveLabel(open, move);
  });
}

async function moveLabel(open: OpenPrompt, move: LabelOptions): Promise<void> {
  const { versions, file } = open;
  const version = open.version ?? (await versions.names.resolve(`${file}@HEAD`));
  const moved = await versions.labels.move(file, { ...move, commit: version.commit });
  await open.output.print({
    json: () => toJson(moved),
    async text({ print }) {
      const at = [version.label, version.commit.slice(0, 10)].filter((name, index, all) => all.indexOf(name) === index);
      print(`${moved.prompt}: ${moved.label} → ${at.join(' ')}`);
      if (!open.version) await reportUnsaved(open);
    },
  });
}

/** A label points to a commit, which does not contain uncommitted changes. */
async function reportUnsaved({ versions, file, terminal }: OpenPrompt): Promise<void> {
  const { kind } = await versions.saves.workingState(file);
  if (kind === 'changed') terminal.note('The working file has changes that are not in this version.');
}

async function removeLabel({ versions, file, output }: OpenPrompt, move: LabelOptions): Promise<void> {
  await versions.labels.remove(file, move);
  const prompt = await versions.names.nameOf(file);
  const { label } = move;
  await output.print({
    json: () => ({ prompt, label, removed: true }),
    text: ({ print }) => print(`${prompt}: ${label} removed`),
  });
}

const LABELS = left('LABEL', 'COMMIT', 'MOVED', 'BY');

async function listLabels({ versions, file, output }: OpenPrompt): Promise<void> {
  const [prompt, all, refs] = await Promise.all([
    versions.names.nameOf(file),
    versions.labels.list(),
    versions.history.brokenRefs(file),
  ]);
  const own = all.filter((one) => one.prompt === prompt);
  const broken = refs.filter(({ kind }) => kind === 'label');
  await output.print({
    json: () => ({ prompt, labels: own.map(toJson), broken }),
    text(terminal) {
      if (own.length + broken.length === 0) terminal.print(`${prompt} has no labels.`);
      const rows = own.map(({ label, target, movedAt, movedBy }) => {
        return [label, target.slice(0, 10), formatDay(movedAt), movedBy.name];
      });
      if (rows.length > 0) terminal.out(formatTable(LABELS, rows, terminal.style.dim));
      printBroken(broken, terminal);
    },
  });
}

const MOVES = left('DATE', 'BY', 'FROM', 'TO', 'WHY');

async function showHistory({ versions, file, output }: OpenPrompt, label: string): Promise<void> {
  const moves = await versions.labels.history(file, label);
  const short = (commit: string | undefined) => commit?.slice(0, 10) ?? UNKNOWN;
  const rowOf = ({ at, by, from, to, why }: LabelMove) => [formatDay(at), by.name, short(from), short(to), why];
  await output.print({
    json: async () => ({
      prompt: await versions.names.nameOf(file),
      label,
      moves: moves.map(({ at, ...move }) => ({ ...move, at: new Date(at).toISOString() })),
    }),
    text: ({ out, style }) => out(formatTable(MOVES, moves.map(rowOf), style.dim)),
  });
}

function toJson({ prompt, label, target, path, tip, movedAt, movedBy }: Label): Record<string, unknown> {
  return { prompt, label, commit: target, path, move: tip, movedAt: new Date(movedAt).toISOString(), movedBy };
}
