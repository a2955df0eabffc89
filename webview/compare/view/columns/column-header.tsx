import { useRef, useState } from 'preact/hooks';
import { Icon, IconButton } from '../../../shared/controls/icon.tsx';
import { MenuButton } from '../../../shared/controls/menu.tsx';
import { useWidth } from '../../../shared/frame/use-width.ts';
import { memo } from '../../../shared/memo.ts';
import { useCompare, useCompareState, useModelChoice } from '../../context.ts';
import { isLive } from '../../derived.ts';
import { runBlockedReason } from '../../run-blocked.ts';
import type { Column, Run } from '../../state.ts';
import { ModelName } from '../figures/model-name.tsx';
import { ParameterEditor } from '../form/parameter-editor.tsx';
import { ModelPicker } from '../pickers/model-picker.tsx';
import {
  answerActions,
  type ColumnAction,
  type ColumnPopup,
  copyColumnActions,
  noteAction,
  popupActions,
  runAction,
} from './column-menu.ts';
import { ColumnVersionPicker, ColumnVersionRow } from './column-version.tsx';
import { NoteEditor } from './rating.tsx';

/** The width of an icon, including its share of the gap. */
const ICON_WIDTH = 26;

/** The model, parameters and version of the column, and its actions. */
export const ColumnHeader = memo(({ column, run }: { column: Column; run: Run | undefined }) => {
  return (
    <div class="column-header">
      <div class="head-row">
        <ModelButton column={column} />
        <Actions column={column} run={run} />
      </div>
      <ColumnVersionRow column={column} />
    </div>
  );
});

function ModelButton({ column }: { column: Column }) {
  const { call } = useCompare();
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const choice = useModelChoice(column.model);
  const title = [column.model, choice?.blocked, choice?.sunsetDate && `Retires on ${choice.sunsetDate.slice(0, 10)}`];
  return (
    <>
      <button
        ref={anchor}
        type="button"
        class="model-button"
        title={title.filter(Boolean).join('\n')}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={`Model ${column.model}. Change`}
        onClick={() => setOpen(!open)}
      >
        <ModelName model={column.model} />
        <Icon name="chevron-down" />
      </button>
      {open && (
        <ModelPicker
          anchor={anchor.current}
          current={column.model}
          onClose={() => setOpen(false)}
          onPick={(model) => call('column.set', { columnId: column.id, model })}
        />
      )}
    </>
  );
}

/** The menu has all actions. On hover or focus, as many as fit next to the name are also shown as icons. */
function Actions({ column, run }: { column: Column; run: Run | undefined }) {
  const { call } = useCompare();
  const blocked = useCompareState((state) => runBlockedReason({ ...state, running: false }));
  const { more, opened, open, close } = usePopup();
  const room = useRef<HTMLDivElement>(null);
  const fitting = useWidth(room, ICON_WIDTH);
  const subject = { column, run, blocked };
  const first = runAction(subject, call);
  const popups = popupActions(column, open);
  const copies = copyColumnActions(subject, call);
  const rated = run && !isLive(run) ? run : undefined;
  const ofAnswer = answerActions(subject, call, rated && noteAction(rated, open));
  const icons = [
    ...popups.map((popup) => (
      <PopupIcon key={popup.what} popup={popup} expanded={opened?.what === popup.what} onOpen={open} />
    )),
    ...copies.map((action) => <ActionIcon key={action.label} action={action} />),
  ];
  return (
    <>
      <div class="head-actions" ref={room}>
        {fitting > 1 && icons.slice(0, fitting - 1)}
        {/* Last, so that Stop is next to the menu while the others are hidden. */}
        {fitting > 0 && <ActionIcon key="run" action={first} />}
      </div>
      <MenuButton
        icon="ellipsis"
        label="More Actions"
        elementRef={more}
        items={[first, ...popups, ...copies, ...ofAnswer]}
      />
      {opened && <Popup {...{ column, rated, ...opened }} onClose={close} />}
    </>
  );
}

interface PopupProps extends OpenPopup {
  column: Column;
  /** The run that a note is about. */
  rated: Run | undefined;
  onClose: () => void;
}

function Popup({ what, column, anchor, rated, onClose }: PopupProps) {
  if (what === 'version') return <ColumnVersionPicker {...{ column, anchor, onClose }} />;
  if (what === 'parameters') return <ParameterEditor {...{ column, anchor, onClose }} />;
  return rated ? <NoteEditor {...{ anchor, onClose }} run={rated} /> : null;
}

interface OpenPopup {
  what: ColumnPopup;
  anchor: HTMLElement | null;
}

/** The open popup of the column, next to the icon that opened it, or else to the menu. */
function usePopup() {
  const { models, loadModels } = useCompare();
  const [opened, setOpened] = useState<OpenPopup | undefined>(undefined);
  const more = useRef<HTMLElement>(null);
  const open = (what: ColumnPopup, anchor = more.current) => {
    if (what === 'parameters' && !models.get()) void loadModels(false);
    setOpened(opened?.what === what ? undefined : { what, anchor });
  };
  return { more, opened, open, close: () => setOpened(undefined) };
}

interface PopupIconProps {
  popup: ReturnType<typeof popupActions>[number];
  expanded: boolean;
  onOpen: (what: ColumnPopup, anchor: HTMLElement) => void;
}

function PopupIcon({ popup: { what, name, icon, pressed }, expanded, onOpen }: PopupIconProps) {
  return (
    <IconButton
      {...{ icon, pressed, expanded }}
      label={name}
      popup="dialog"
      onClick={(event) => onOpen(what, event.currentTarget as HTMLElement)}
    />
  );
}

function ActionIcon({ action: { label, icon, title, disabled, urgent, onPick } }: { action: ColumnAction }) {
  return (
    <span class={urgent ? 'action urgent' : 'action'}>
      <IconButton icon={icon} label={label} title={title ?? label} disabled={disabled ?? false} onClick={onPick} />
    </span>
  );
}
