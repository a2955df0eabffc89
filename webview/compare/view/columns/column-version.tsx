import { useRef, useState } from 'preact/hooks';
import { Icon } from '../../../shared/controls/icon.tsx';
import { useCompare, useCompareState } from '../../context.ts';
import { versionNotes } from '../../describe-column.ts';
import type { Column } from '../../state.ts';
import { VersionPicker } from '../pickers/version-picker.tsx';

/** The version of the column. If one column has a version, all columns show theirs, so that rows stay aligned. */
export function ColumnVersionRow({ column }: { column: Column }) {
  const named = useCompareState((state) => state.columns.some(({ version }) => version));
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const { version } = column;
  if (!named) return null;
  const notes = version ? versionNotes(version) : [];
  const changes = version?.changes.map((change) => change.replaceAll('`', '')) ?? [];
  const title = version
    ? [
        version.commit,
        ...(changes.length ? ['Compared with the working copy:', ...changes] : ['Same as the working copy']),
      ]
    : ['The prompt as shown in the editor'];
  return (
    <div class="version-row">
      <button
        ref={anchor}
        type="button"
        class="version-badge"
        title={title.join('\n')}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={`Version ${version?.label ?? 'working copy'}. Change`}
        onClick={() => setOpen(!open)}
      >
        <Icon name={version ? 'versions' : 'edit'} />
        <bdi class="truncated">{version?.label ?? 'working copy'}</bdi>
      </button>
      {notes.length > 0 && (
        <span class={`version-notes truncated${version?.problem ? ' problem' : ' dim'}`} title={notes.join('\n')}>
          {version?.problem && <Icon name="error" />} {notes.join(' · ')}
        </span>
      )}
      {open && <ColumnVersionPicker column={column} anchor={anchor.current} onClose={() => setOpen(false)} />}
    </div>
  );
}

interface ColumnVersionPickerProps {
  column: Column;
  anchor: HTMLElement | null;
  onClose: () => void;
}

export function ColumnVersionPicker({ column, anchor, onClose }: ColumnVersionPickerProps) {
  const { call } = useCompare();
  return (
    <VersionPicker
      anchor={anchor}
      current={column.version?.commit ?? null}
      onClose={onClose}
      onPick={(version) => call('column.set', { columnId: column.id, version })}
    />
  );
}
