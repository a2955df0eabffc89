import type { PromptVersion } from '../../core/versions/history/prompt-version.ts';
import type { Workbench } from '../../core/workbench.ts';
import type { VersionChoice } from '../../protocol/compare.ts';

/** Enough for a list; older versions can be entered by their hash. */
const RECENT = 50;

/** The choices of a column's version picker: labels, then saved versions and recent commits, newest first. */
export async function listVersionChoices(workbench: Workbench, file: string): Promise<VersionChoice[]> {
  const { versions } = workbench;
  const { versions: recent } = await versions.history.list(file, { limit: RECENT });
  const labels = recent.flatMap((version) =>
    version.labels.map((label) => choiceOf(version, { kind: 'label', label })),
  );
  const commits = recent.map((version) => {
    const newest = version.savedAs.at(-1);
    return choiceOf(
      version,
      newest ? { kind: 'saved', label: `v${newest.number}` } : { kind: 'commit', label: version.shortCommit },
    );
  });
  return [...labels.sort((a, b) => (a.label < b.label ? -1 : 1)), ...commits];
}

function choiceOf(version: PromptVersion, named: Pick<VersionChoice, 'kind' | 'label'>): VersionChoice {
  const { commit, subject, author, authoredAt } = version;
  return {
    ...named,
    ref: named.kind === 'commit' ? commit : named.label,
    commit,
    subject,
    author: author.name,
    at: authoredAt,
  };
}
