import { useEffect, useMemo, useState } from 'preact/hooks';
import type { VersionChoice } from '../../../../src/protocol/compare.ts';
import { formatDate } from '../../../../src/shared/format.ts';
import { Icon } from '../../../shared/controls/icon.tsx';
import { Popover } from '../../../shared/controls/popover.tsx';
import { Button, TextField } from '../../../ui.ts';
import { useCompare } from '../../context.ts';
import { filterVersions, type VersionRow } from '../../filter-versions.ts';
import { CurrentMark, useAnnounced, usePicker } from './picker-rows.tsx';

interface VersionPickerProps {
  anchor: HTMLElement | null;
  /** The commit of the column's version, null for the working copy. Left out for a new column. */
  current?: string | null;
  onClose: () => void;
  /** Null for the working copy. */
  onPick: (ref: string | null) => void;
}

/** The working copy, labels, saved versions and recent commits, filtered by typing. Any other name may be entered. */
export function VersionPicker({ anchor, current, onClose, onPick }: VersionPickerProps) {
  const choices = useVersions();
  const { query, at, search, close, onKeyDown } = usePicker({ anchor, onClose });
  const found = useMemo(() => filterVersions(choices ?? [], query), [choices, query]);
  const active = found[at];
  const place = `${at + 1} of ${found.length}`;
  useAnnounced(active ? spokenVersion(active, isCurrent(active, current), place) : choices && 'No versions match.');
  const name = query.trim();
  const typed = name !== '' && !found.some(({ ref }) => ref === name) ? name : undefined;
  const pick = (ref: string | null | undefined) => {
    if (ref === undefined) return;
    close();
    onPick(ref);
  };
  return (
    <Popover anchor={anchor} role="dialog" label="Select Version" class="model-picker version-picker" onClose={onClose}>
      <TextField
        value={query}
        placeholder="Filter, or enter a label, commit or branch"
        aria-label="Filter versions"
        onText={search}
        onKeyDown={(event) => onKeyDown(event, found.length, () => pick(found.length > 0 ? active?.ref : typed))}
      />
      <div role="listbox" aria-label="Versions" class="model-list" tabIndex={-1}>
        {found.map((row, index) => (
          <Row
            key={`${row.choice?.kind}:${row.ref}`}
            row={row}
            active={index === at}
            current={isCurrent(row, current)}
            onPick={pick}
          />
        ))}
      </div>
      {!choices && (
        <div class="dim" role="status">
          <Icon name="loading" spin /> Loading versions…
        </div>
      )}
      {choices?.length === 0 && <div class="dim">This prompt has no versions yet. Use Save Version to create one.</div>}
      {typed && choices && (
        <Button appearance="secondary" onClick={() => pick(typed)}>
          Use {typed}
        </Button>
      )}
    </Popover>
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

function isCurrent({ choice }: VersionRow, current: string | null | undefined): boolean {
  return current === null ? !choice : choice !== undefined && choice.commit === current;
}

function spokenVersion({ label, choice }: VersionRow, current: boolean, place: string): string {
  return [label, choice?.subject, current && 'current', place].filter(Boolean).join(', ');
}

const KINDS = { label: 'tag', saved: 'versions', commit: 'git-commit' } as const;

interface RowProps {
  row: VersionRow;
  active: boolean;
  current: boolean;
  onPick: (ref: string | null) => void;
}

function Row({ row: { ref, label, choice }, active, current, onPick }: RowProps) {
  const scroll = (element: HTMLElement | null) => {
    if (active) element?.scrollIntoView({ block: 'nearest' });
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above keeps the focus and handles the keys
    <div
      ref={scroll}
      role="option"
      class={`model-row version-choice${active ? ' active' : ''}`}
      tabIndex={-1}
      aria-selected={active}
      title={choice && `${choice.subject}\n${formatDate(choice.at)}, ${choice.commit}`}
      onClick={() => onPick(ref)}
    >
      <span class="model-ref">
        <Icon name={choice ? KINDS[choice.kind] : 'edit'} />
        {label}
        {choice && choice.kind !== 'commit' && <span class="dim">{choice.commit.slice(0, 7)}</span>}
        {current && <CurrentMark />}
      </span>
      <bdi class="dim version-subject truncated">{choice ? choice.subject : 'The prompt as shown in the editor'}</bdi>
      {choice && (
        <span class="dim">
          {choice.author} · {formatDate(choice.at).slice(0, 10)}
        </span>
      )}
    </div>
  );
}
