import { useEffect, useMemo, useState } from 'preact/hooks';
import type { VersionChoice } from '../../../../src/protocol/compare.ts';
import { formatDate } from '../../../../src/shared/format.ts';
import { Icon } from '../../../shared/controls/icon.tsx';
import { useCompare } from '../../context.ts';
import { Picker } from './picker.tsx';

interface VersionPickerProps {
  anchor: HTMLElement | null;
  /** The commit of the column's version, null for the working copy. Left out for a new column. */
  current?: string | null;
  onClose: () => void;
  /** Null for the working copy. */
  onPick: (ref: string | null) => void;
}

/** Without the data of a version, it is the working copy. */
type Row = { ref: string | null; label: string } & Partial<Omit<VersionChoice, 'ref' | 'label'>>;

const WORKING: Row = { ref: null, label: 'working copy' };
const ICONS = { label: 'tag', saved: 'versions', commit: 'git-commit' } as const;

/** The working copy, labels, saved versions and recent commits. Any other name may be entered. */
export function VersionPicker({ current, ...props }: VersionPickerProps) {
  const versions = useVersions();
  const choices = useMemo(() => [WORKING, ...(versions ?? [])], [versions]);
  return (
    <Picker<string | null, Row>
      {...props}
      what="Version"
      class="model-picker version-picker"
      rowClass="version-choice"
      placeholder="Filter, or enter a label, commit or branch"
      choices={choices}
      isLoading={!versions}
      isCurrent={({ commit = null }) => commit === current}
      textOf={({ label, commit, subject, author }) => [label, commit, subject, author].join(' ')}
      titleOf={({ commit, subject, at }) => (at ? `${subject}\n${formatDate(at)}, ${commit}` : undefined)}
      spokenOf={({ label, subject }) => [label, subject]}
      rowOf={({ label, kind, commit, subject, author, at }, mark) => (
        <>
          <span class="model-ref">
            <Icon name={kind ? ICONS[kind] : 'edit'} />
            {label}
            {kind && kind !== 'commit' && <span class="dim">{commit?.slice(0, 7)}</span>}
            {mark}
          </span>
          <bdi class="dim version-subject truncated">{subject ?? 'The prompt as shown in the editor'}</bdi>
          {at && (
            <span class="dim">
              {author} · {formatDate(at).slice(0, 10)}
            </span>
          )}
        </>
      )}
      typedRef={(query) => query || undefined}
      none="No versions match."
    >
      {versions?.length === 0 && (
        <div class="dim">This prompt has no versions yet. Use Save Version to create one.</div>
      )}
    </Picker>
  );
}

/** Loaded each time, because a version may have been saved since. An error of git is shown above the columns. */
function useVersions(): VersionChoice[] | undefined {
  const { call } = useCompare();
  const [choices, setChoices] = useState<VersionChoice[] | undefined>(undefined);
  useEffect(() => {
    let closed = false;
    void call('versions.list', undefined).then((answer) => {
      if (!closed) setChoices(answer?.value ?? []);
    });
    return () => {
      closed = true;
    };
  }, []);
  return choices;
}
