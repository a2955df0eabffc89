import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../controls/icon.tsx';
import { InputFields } from '../inputs/input-fields.tsx';
import { useObservable } from '../observable.ts';
import { FillButtons, type FormProps } from './form-actions.tsx';
import { FormSash, fitWidth } from './form-sash.tsx';
import { isFolded, useOnTop } from './form-state.ts';
import { FormStrip } from './form-strip.tsx';

const FIELD = '.field :is(vscode-text-field, vscode-text-area, vscode-checkbox, [role="combobox"])';

/**
 * The inputs of a prompt: a resizable pane on the left, or above in a narrow panel, or collapsed to a line of values.
 */
export function FormPane(props: FormProps) {
  const { state, onRemember } = props;
  const shown = useObservable(state, (now) => now);
  const onTop = useOnTop();
  const folded = isFolded(shown, onTop);
  const { pane, wanted } = useKeptFocus(folded);
  const fold = (next: boolean, focus: FocusTarget = 'toggle') => {
    wanted.current = focus;
    if (next !== shown.folded) onRemember({ folded: next });
    state.set({ ...shown, folded: next, byRun: false });
  };
  if (folded) return <FormStrip {...props} paneRef={pane} onUnfold={(focus) => fold(false, focus)} />;
  const size = onTop ? {} : { style: { flexBasis: `${fitWidth(shown.width)}px` } };
  return (
    <>
      <aside ref={pane} id="inputs" class="inputs" data-region="inputs" aria-label="Inputs" {...size}>
        <div class="form-head">
          <button type="button" class="section-title form-toggle" aria-expanded onClick={() => fold(true)}>
            <Icon name="chevron-down" />
            Inputs
          </button>
          <FillButtons {...props} row={undefined} />
          {props.fields.length > 0 && props.row}
        </div>
        <InputFields {...props} />
        {props.children}
      </aside>
      {!onTop && (
        <FormSash
          pane={pane}
          paneId="inputs"
          width={shown.width}
          onWidth={(width) => state.set({ ...shown, width })}
          onSettled={(width) => onRemember({ width: width ?? null })}
        />
      )}
    </>
  );
}

type FocusTarget = 'toggle' | 'field';

/** Moves the focus when the form collapses or expands, because the focused element is removed then. */
function useKeptFocus(folded: boolean) {
  const pane = useRef<HTMLElement>(null);
  const wanted = useRef<FocusTarget | undefined>(undefined);
  const hadFocus = pane.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    const target = wanted.current ?? (hadFocus ? 'toggle' : undefined);
    wanted.current = undefined;
    if (!target) return;
    const field = target === 'field' ? pane.current?.querySelector<HTMLElement>(FIELD) : undefined;
    (field ?? pane.current?.querySelector<HTMLElement>('.form-toggle'))?.focus();
  }, [folded]);
  return { pane, wanted };
}
