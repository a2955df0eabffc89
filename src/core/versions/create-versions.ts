import { UserError } from '../base/errors.ts';
import { readBlame } from './blame.ts';
import { changesBetween, readChanges } from './changes-between.ts';
import type { VersionPorts } from './context.ts';
import { workingContent } from './effective-content.ts';
import { fetchVersions } from './fetch-versions.ts';
import { filesAtCommit } from './files-at.ts';
import { locatePrompt } from './find-prompt.ts';
import { readHistory } from './history.ts';
import { readLabels } from './labels.ts';
import { findMergeBase } from './merge-base.ts';
import { labelHistory, moveLabel, removeLabel } from './move-label.ts';
import { noteRecentResults, noteResults } from './note-results.ts';
import { planPush } from './plan-push.ts';
import { listPromptNames, nameOfPrompt } from './prompt-names.ts';
import { proposeMessage } from './propose-message.ts';
import { pushVersions, settleConflict } from './push-versions.ts';
import { findBrokenRefs } from './refs/broken-refs.ts';
import { explainState, gitIn, inspectRepository } from './repository.ts';
import { holdRepository } from './repository-holder.ts';
import { absolutePath, ownPath } from './repository-path.ts';
import { readVersion, resolveVersion, restoredText } from './resolve-version.ts';
import { readResults } from './results.ts';
import { saveVersion } from './save-version.ts';
import { readSavedTags } from './saved-tags.ts';
import { readFolderStatus } from './status.ts';
import type { Versions } from './versions.ts';
import { readWorkingState } from './working-state.ts';

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
