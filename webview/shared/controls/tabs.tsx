interface TabsProps<Id extends string> {
  /** The prefix for the IDs of tabs and their panel, unique in the page. */
  id: string;
  label: string;
  tabs: readonly { id: Id; label: string; disabled?: boolean }[];
  active: Id;
  onPick: (id: Id) => void;
}

/** A row of tabs for one panel with the ID `${id}-panel`. Arrow keys move and select, as in the editor's tabs. */
export function Tabs<Id extends string>({ id, label, tabs, active, onPick }: TabsProps<Id>) {
  const onKeyDown = (event: KeyboardEvent) => {
    const usable = tabs.filter((tab) => !tab.disabled);
    const at = usable.findIndex((tab) => tab.id === active);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: usable.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = usable[(to + usable.length) % usable.length];
    if (!next) return;
    onPick(next.id);
    document.getElementById(`${id}-${next.id}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          id={`${id}-${tab.id}`}
          type="button"
          role="tab"
          class="tab"
          disabled={tab.disabled ?? false}
          aria-selected={tab.id === active}
          aria-controls={`${id}-panel`}
          tabIndex={tab.id === active ? 0 : -1}
          onClick={() => onPick(tab.id)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  );
}
