import { UserError } from '../base/errors.ts';
import type { VersionPorts } from './context.ts';
import { changesBetween, readChanges } from './describe/changes-between.ts';
import { filesAtCommit } from './git/files-at.ts';
import { findMergeBase } from './git/merge-base.ts';
import { gitIn, inspectRepository } from './git/repository.ts';
import { holdRepository } from './git/repository-holder.ts';
import { absolutePath, ownPath } from './git/repository-path.ts';
import { explainState } from './git/repository-state.ts';
import { readBlame } from './history/blame.ts';
import { readHistory } from './history/read-history.ts';
import { labelHistory, moveLabel, removeLabel } from './labels/move-label.ts';
import { readLabels } from './labels/read-labels.ts';
import { locatePrompt } from './names/find-prompt.ts';
import { listPromptNames, nameOfPrompt } from './names/prompt-names.ts';
import { readVersion, resolveVersion, restoredText } from './names/resolve-version.ts';
import { findBrokenRefs } from './refs/broken-refs.ts';
import { readSavedTags } from './refs/saved-tags.ts';
import { workingContent } from './results/effective-content.ts';
import { noteRecentResults, noteResults } from './results/note-results.ts';
import { readResults } from './results/read-results.ts';
import { proposeMessage } from './save/propose-message.ts';
import { saveVersion } from './save/save-version.ts';
import { readFolderStatus } from './save/status.ts';
import { readWorkingState } from './save/working-state.ts';
import { settleConflict } from './sync/conflicts.ts';
import { fetchVersions } from './sync/fetch-versions.ts';
import { planPush } from './sync/plan-push.ts';
import { pushVersions } from './sync/push-versions.ts';
import type { Versions } from './versions.ts';

/** Wires versions; no git process starts before a method is called. */
export function createVersions(ports: VersionPorts): Versions {
  const holder = holdRepository(ports);
  return {
    state: holder.state,
    async createRepository(signal) {
      const state = await inspectRepository(ports, signal);
      if (state.kind === 'ready') return;
      if (state.kind !== 'none' || ports.folder === undefined) throw explainState(state);
      await gitIn(ports, ports.folder).run(['init', '--quiet'], { signal });
    },
    nameOf: async (file, text) => {
      const context = await holder.open();
      return nameOfPrompt(context, await ownPath(context, file), { text });
    },
    async history(file, options) {
      const context = await holder.open(options?.signal);
      return readHistory(context, await ownPath(context, file), options);
    },
    promptNames: async (signal) => listPromptNames(await holder.open(signal), signal),
    async workingState(file, text, signal) {
      const context = await holder.open(signal);
      return readWorkingState(context, await ownPath(context, file), { text, signal });
    },
    async workingContent(file, text, signal) {
      const context = await holder.open(signal);
      return workingContent(context, await ownPath(context, file), { text });
    },
    async changedFiles(signal) {
      const context = await holder.open(signal);
      const status = await readFolderStatus(context, signal);
      return new Map([...status].map(([path, { kind }]) => [absolutePath(context, path), kind]));
    },
    resolve: async (spec, signal) => resolveVersion(await holder.open(signal), spec, signal),
    async locate(spec, signal) {
      const context = await holder.open(signal);
      const { path, ref } = await locatePrompt(context, spec, { signal });
      return { file: absolutePath(context, path), ref };
    },
    async read(commit, file, signal) {
      const context = await holder.open(signal);
      return readVersion(context, { commit, path: await ownPath(context, file) }, { signal });
    },
    filesAt: (commit) => filesAtCommit(holder.open, commit),
    save: async (file, options) => saveVersion(await holder.reopen(options.signal), file, options),
    async proposeMessage(file, signal) {
      const context = await holder.open(signal);
      return proposeMessage(context, await ownPath(context, file), signal);
    },
    async restoredText(commit, file, signal) {
      const context = await holder.open(signal);
      return restoredText(context, { commit, path: await ownPath(context, file) }, signal);
    },
    labels: async (signal) => readLabels(await holder.open(signal), signal),
    savedTags: async (signal) => readSavedTags(await holder.open(signal), signal),
    async brokenRefs(file, signal) {
      const context = await holder.open(signal);
      return findBrokenRefs(context, { name: await nameOfPrompt(context, await ownPath(context, file)), signal });
    },
    async moveLabel(file, options) {
      const context = await holder.reopen(options.signal);
      return moveLabel(context, await ownPath(context, file), options);
    },
    async removeLabel(file, options) {
      const context = await holder.reopen(options.signal);
      return removeLabel(context, await ownPath(context, file), options);
    },
    async labelHistory(file, label, signal) {
      const context = await holder.open(signal);
      return labelHistory(context, await ownPath(context, file), { label, signal });
    },
    results: async (hashes, signal) => readResults(await holder.open(signal), hashes, signal),
    async noteResults(file, signal) {
      const context = await holder.open(signal);
      const { count, notices } = await noteResults(context, await ownPath(context, file), signal);
      if (notices.length > 0) throw new UserError(notices.join(' '), { code: 'git' });
      return count;
    },
    async changesBetween(base, head, signal, progress) {
      return changesBetween(await holder.open(signal), { base, head, signal, progress });
    },
    async readChanges(base, head, signal, progress) {
      return readChanges(await holder.open(signal), { base, head, signal, progress });
    },
    mergeBase: async (signal) => findMergeBase(await holder.open(signal), signal),
    async blame(file, text, signal) {
      const context = await holder.open(signal);
      return readBlame(context, await ownPath(context, file), { text, signal });
    },
    async planPush(remote, signal) {
      const context = await holder.open(signal);
      const notices = await noteRecentResults(context, signal);
      const plan = await planPush(context, remote, signal);
      return { ...plan, notices: [...notices, ...plan.notices] };
    },
    push: async (plan, signal) => pushVersions(await holder.open(signal), plan, signal),
    fetch: async (remote, signal) => fetchVersions(await holder.open(signal), remote, signal),
    settleConflict: async (conflict, keep, author) => settleConflict(await holder.reopen(), { conflict, keep, author }),
    dispose: async () => holder.dispose(),
  };
}
