import { UserError } from '../../../core/base/errors.ts';
import type { LabelMove } from '../../../core/versions/labels/label-history.ts';
import type { Label } from '../../../core/versions/labels/read-labels.ts';
import { checkLabel } from '../../../core/versions/names/ref-names.ts';
import { EXIT } from '../../exit-codes.ts';
import { type Column, formatJson, formatTable } from '../../output/terminal.ts';
import { printBroken } from './list.ts';
import { type OpenPrompt, type VersionsHost, withPrompt } from './open-versions.ts';
import { readAuthor } from './save.ts';

export interface LabelOptions {
  why?: string;
  remove?: boolean;
  history?: boolean;
  author?: string;
  json?: boolean;
}

interface Labelling {
  label: string;
  why: string;
  author?: ReturnType<typeof readAuthor>;
}

/** `llmops versions label`: without a label it lists them; with one it moves it to the version that was named. */
export function labelVersion(
  written: string,
  { label, options }: { label: string | undefined; options: LabelOptions },
  host: VersionsHost,
): Promise<number> {
  if (label === undefined && (options.remove || options.history)) {
    throw new UserError(`${options.remove ? '--remove' : '--history'} needs the name of a label.`, {
      code: 'usage',
      hint: 'Write llmops versions label FILE LABEL, and the option behind it.',
    });
  }
  if (label !== undefined) checkLabel(label);
  const author = options.author === undefined ? {} : { author: readAuthor(options.author) };
  return withPrompt(written, host, async (open) => {
    if (label === undefined) return listLabels(open, options.json === true);
    const labelling: Labelling = { label, why: options.why ?? '', ...author };
    if (options.history) return labelHistory(open, labelling, options.json === true);
    if (options.remove) return removeLabel(open, labelling, options.json === true);
    return moveLabel(open, labelling, options.json === true);
  });
}

async function moveLabel(open: OpenPrompt, labelling: Labelling, json: boolean): Promise<number> {
  const { versions, file, terminal } = open;
  const version = open.version ?? (await versions.names.resolve(`${file}@HEAD`));
  const moved = await versions.labels.move(file, { ...labelling, commit: version.commit });
  if (json) terminal.out(`${formatJson(toJson(moved), 2)}\n`);
  else {
    const at = [version.label, version.commit.slice(0, 10)].filter((name, index, all) => all.indexOf(name) === index);
    terminal.out(terminal.clean(`${moved.prompt}: ${moved.label} → ${at.join(' ')}\n`));
    if (!open.version) await tellUnsaved(open);
  }
  return EXIT.ok;
}

/** A label stands on a commit: what is not saved yet is not under it. */
async function tellUnsaved({ versions, file, terminal }: OpenPrompt): Promise<void> {
  const { kind } = await versions.saves.workingState(file);
  if (kind === 'changed') terminal.err('The working file has changes that are not in this version.\n');
}

async function removeLabel({ versions, file, terminal }: OpenPrompt, labelling: Labelling, json: boolean) {
  await versions.labels.remove(file, labelling);
  const prompt = await versions.names.nameOf(file);
  const { label } = labelling;
  terminal.out(
    json ? `${formatJson({ prompt, label, removed: true }, 2)}\n` : terminal.clean(`${prompt}: ${label} removed\n`),
  );
  return EXIT.ok;
}

async function listLabels({ versions, file, terminal }: OpenPrompt, json: boolean): Promise<number> {
  const [name, all, refs] = await Promise.all([
    versions.names.nameOf(file),
    versions.labels.list(),
    versions.history.brokenRefs(file),
  ]);
  const own = all.filter(({ prompt }) => prompt === name);
  const broken = refs.filter(({ kind }) => kind === 'label');
  if (json) terminal.out(`${formatJson({ prompt: name, labels: own.map(toJson), broken }, 2)}\n`);
  else if (own.length + broken.length === 0) terminal.out(terminal.clean(`${name} has no labels.\n`));
  else {
    const columns: Column[] = [{ title: 'LABEL' }, { title: 'COMMIT' }, { title: 'MOVED' }, { title: 'BY' }];
    const rows = own.map(({ label, target, movedAt, movedBy }) => [
      label,
      target.slice(0, 10),
      new Date(movedAt).toISOString().slice(0, 10),
      movedBy.name,
    ]);
    if (rows.length > 0) terminal.out(formatTable(columns, rows, terminal.style.dim));
    printBroken(broken, terminal);
  }
  return EXIT.ok;
}

async function labelHistory({ versions, file, terminal }: OpenPrompt, { label }: Labelling, json: boolean) {
  const moves = await versions.labels.history(file, label);
  if (json) {
    const list = moves.map(({ at, ...move }) => ({ ...move, at: new Date(at).toISOString() }));
    terminal.out(`${formatJson({ prompt: await versions.names.nameOf(file), label, moves: list }, 2)}\n`);
    return EXIT.ok;
  }
  const columns: Column[] = [{ title: 'DATE' }, { title: 'BY' }, { title: 'FROM' }, { title: 'TO' }, { title: 'WHY' }];
  const short = (commit: string | undefined) => commit?.slice(0, 10) ?? '—';
  const rowOf = ({ at, by, from, to, why }: LabelMove) => {
    return [new Date(at).toISOString().slice(0, 10), by.name, short(from), short(to), why];
  };
  terminal.out(formatTable(columns, moves.map(rowOf), terminal.style.dim));
  return EXIT.ok;
}

function toJson({ prompt, label, target, path, tip, movedAt, movedBy }: Label): Record<string, unknown> {
  return { prompt, label, commit: target, path, move: tip, movedAt: new Date(movedAt).toISOString(), movedBy };
}
