import * as vscode from 'vscode';
import { UserError } from '../../../core/base/errors.ts';
import { plainLabel } from '../../host/plain-text.ts';
import { shortName, type VersionTarget } from './version-targets.ts';

/** Offered if a prompt does not have them yet. */
const USUAL = ['production', 'staging'];

interface LabelItem extends vscode.QuickPickItem {
  value: string | undefined;
}

/** Asks for a label of the prompt, a common one or a new one. Empty for no label, undefined if the user cancelled. */
export async function pickLabel(
  target: VersionTarget,
  { title, optional }: { title: string; optional: boolean },
): Promise<string | undefined> {
  const own = await ownLabels(target);
  const known: LabelItem[] = labelItems(own);
  const usual = USUAL.filter((label) => !own.has(label)).map((label): LabelItem => {
    return { label: `$(tag) ${label}`, description: 'not set yet', value: label };
  });
  const none: LabelItem[] = optional
    ? [{ label: '$(dash) No Label', description: 'Only save the version', value: '' }]
    : [];
  const items = [...none, ...known, ...usual, { label: '$(add) New Label…', value: undefined }];
  // after a commit message was entered, a click elsewhere must not discard it
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: 'Select a label',
    ignoreFocusOut: optional,
  });
  if (!picked) return undefined;
  return picked.value ?? askLabel(title);
}

/** Labels as items of a quick pick, from their names and those of their versions. */
export function labelItems(labels: ReadonlyMap<string, string>) {
  return [...labels].map(([label, version]) => {
    return { label: `$(tag) ${plainLabel(label)}`, description: `on ${version}`, value: label };
  });
}

/** Names the commits of the prompt: `v3`, or the hash of one that was not saved as a version. */
export async function nameCommits({ versions, file }: VersionTarget): Promise<(commit: string) => string> {
  const [tags, name] = await Promise.all([versions.saves.tags(), versions.names.nameOf(file)]);
  const saved = tags.get(name) ?? [];
  return (commit) => {
    const tag = saved.findLast((one) => one.commit === commit);
    return tag ? `v${tag.number}` : commit.slice(0, 7);
  };
}

/** The labels of the prompt, each with the name of its version. */
async function ownLabels(target: VersionTarget): Promise<Map<string, string>> {
  const { versions, file } = target;
  const [labels, name, nameOfCommit] = await Promise.all([
    versions.labels.list(),
    versions.names.nameOf(file),
    nameCommits(target),
  ]);
  const own = labels.filter(({ prompt }) => prompt === name);
  return new Map(own.map(({ label, target: commit }) => [label, nameOfCommit(commit)]));
}

/** The same. Throws UserError if there are none. */
export async function requireLabels(target: VersionTarget): Promise<Map<string, string>> {
  const own = await ownLabels(target);
  if (own.size > 0) return own;
  throw new UserError(`${shortName(target.file)} has no labels.`, {
    code: 'usage',
    hint: 'Set a label on a version first.',
    action: { command: 'llmops.label.set', title: 'Set Label', args: [target.uri] },
  });
}

async function askLabel(title: string): Promise<string | undefined> {
  const { labelProblem } = await import('../../../core/versions/names/ref-names.ts');
  return vscode.window.showInputBox({
    title,
    prompt: 'Enter a name for the new label',
    placeHolder: 'candidate',
    ignoreFocusOut: true,
    validateInput: (text) => {
      const why = labelProblem(text);
      return why === undefined ? undefined : `Invalid label: ${why}.`;
    },
  });
}

/** Asks for the reason for the label's history. May be empty. */
export function askReason(title: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title,
    prompt: 'Enter the reason for the label’s history. Leave empty for no reason.',
    placeHolder: 'Reason',
    ignoreFocusOut: true,
  });
}
