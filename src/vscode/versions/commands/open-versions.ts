import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../../core/base/errors.ts';
import { EXTENSION_ID } from '../../host/contributions.ts';
import { plainMessage } from '../../host/plain-text.ts';
import { readWithProgress } from '../../shell/job-progress.ts';
import { showError } from '../../shell/run-command.ts';
import { type VersionPlace, versionUri } from '../documents/version-documents.ts';
import { pickVersion } from './pick-version.ts';
import {
  findVersionTarget,
  openVersions,
  placeOf,
  shortName,
  showStatusMessage,
  type VersionCommandDeps,
  type VersionTarget,
} from './version-targets.ts';

export async function showVersion(place: VersionPlace): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(versionUri(place));
  return vscode.window.showTextDocument(document, { preview: true });
}

/** The given version, or the one that the user picks. */
async function findVersion(
  target: VersionTarget,
  title: string,
): Promise<(VersionPlace & { commit: string }) | undefined> {
  if (target.version) return target.version;
  const picked = await pickVersion(target, { title, placeHolder: 'Select a version' });
  return picked && placeOf(target.repository, picked);
}

export async function openVersion(deps: VersionCommandDeps, argument: unknown): Promise<void> {
  if (typeof argument === 'string') return openSpec(deps, argument);
  const target = await findVersionTarget(deps, argument, 'Open Version');
  const version = target && (await findVersion(target, 'Open Version'));
  if (version) await showVersion(version);
}

/** `churn-analysis@v3`, from a link. */
async function openSpec(deps: VersionCommandDeps, spec: string): Promise<void> {
  const { versions } = await openVersions(deps);
  const { commit, absolutePath, label } = await versions.names.resolve(spec);
  await showVersion({ commit, file: absolutePath, name: label });
}

/**
 * Replaces the text in the file's editor with that of the version, as one edit that can be undone. Nothing is checked
 * out.
 */
export async function restoreVersion(deps: VersionCommandDeps, argument: unknown): Promise<void> {
  const target = await findVersionTarget(deps, argument, 'Restore Version');
  const version = target && (await findVersion(target, 'Restore Version'));
  if (!target || !version) return;
  const text = await readWithProgress(`Reading ${version.name} of ${shortName(target.file)}`, () =>
    target.versions.history.restoredText(version.commit, version.file),
  );
  const changed = await replaceText(target.uri, text);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(target.uri));
  if (!changed) return showStatusMessage(`${shortName(target.file)} is already identical to ${version.name}.`);
  // not awaited: the question may stay open for a long time, and the text is already restored
  void offerPartials(target, version).catch((error) => showError(error, deps.log));
}

/** False if the file already has this text. A missing file is created again. */
async function replaceText(uri: vscode.Uri, text: string): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  const document = await Promise.resolve(vscode.workspace.openTextDocument(uri)).catch(() => undefined);
  if (document) {
    const eol = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
    const newText = text.replace(/\r?\n/g, eol);
    if (document.getText() === newText) return false;
    edit.replace(
      uri,
      new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length)),
      newText,
    );
  } else {
    edit.createFile(uri, { overwrite: false });
    edit.insert(uri, new vscode.Position(0, 0), text);
  }
  if (await vscode.workspace.applyEdit(edit)) return true;
  throw new UserError(`Could not change ${path.basename(uri.fsPath)}.`, {
    code: 'usage',
    hint: 'Check that the file is not read-only, then try again.',
  });
}

/** The restored prompt may behave differently with the current partials. Offers to restore them too. */
async function offerPartials(
  { versions, repository, file }: VersionTarget,
  version: VersionPlace & { commit: string },
) {
  const [then, now] = await Promise.all([
    versions.history.read(version.commit, version.file),
    versions.saves.workingContent(file),
  ]);
  const texts = new Map(now.partials.map((partial) => [partial.name, partial.text]));
  const differing = then.content.partials.filter(({ name, text }) => texts.get(name) !== text);
  if (differing.length === 0)
    return showStatusMessage(`$(discard) Restored ${version.name} of ${shortName(file)} (not saved). Undo to revert.`);
  const names = differing.map(({ name }) => `_${name}`).join(', ');
  const text = `Restored ${version.name} of ${shortName(file)} (not saved), but ${names} changed since then.`;
  const choice = await vscode.window.showInformationMessage(
    plainMessage(text),
    'Restore Partials Too',
    'Keep Partials',
  );
  if (choice !== 'Restore Partials Too') return;
  for (const partial of differing)
    await replaceText(vscode.Uri.file(path.join(repository.root, partial.path)), partial.text);
}

export async function copyHash(deps: VersionCommandDeps, argument: unknown): Promise<void> {
  const target = await findVersionTarget(deps, argument, 'Copy Commit Hash');
  const version = target && (await findVersion(target, 'Copy Commit Hash'));
  if (!version) return;
  await vscode.env.clipboard.writeText(version.commit);
  showStatusMessage(`$(check) Copied ${version.commit.slice(0, 12)}.`);
}

/** Copies the name for the command line and eval files, a VS Code link, or the web page of the version. */
export async function copyLink(deps: VersionCommandDeps, argument: unknown): Promise<void> {
  const title = 'Copy Link to Version';
  const target = await findVersionTarget(deps, argument, title);
  const version = target && (await findVersion(target, title));
  if (!target || !version) return;
  const { versions, repository } = target;
  const spec = `${await versions.names.nameOf(target.file)}@${version.name}`;
  const { webPage } = await import('./web-page.ts');
  const relative = path.relative(repository.root, version.file).split(path.sep).join('/');
  const page = webPage(await remoteUrl(deps, target), { commit: version.commit, path: relative });
  const link = `${vscode.env.uriScheme}://${EXTENSION_ID}/version?${encodeURIComponent(spec)}`;
  const items = [
    { label: '$(symbol-string) Name', detail: spec, value: spec },
    { label: '$(link) VS Code Link', detail: link, value: link },
    ...(page === undefined ? [] : [{ label: '$(globe) Web Page', detail: page, value: page }]),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: 'Select what to copy',
    matchOnDetail: true,
  });
  if (!picked) return;
  await vscode.env.clipboard.writeText(picked.value);
  showStatusMessage('$(check) Copied.');
}

/** A repository without a remote has no web page. */
async function remoteUrl({ log }: VersionCommandDeps, { versions }: VersionTarget): Promise<string | undefined> {
  try {
    return (await versions.sync.planPush()).url;
  } catch (error) {
    log.debug(`Could not find a web page of the remote: ${String(error)}`);
    return undefined;
  }
}
