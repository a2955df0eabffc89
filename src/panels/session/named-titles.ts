/** An object with a title, such as a panel of VS Code. */
interface Titled {
  title: string;
}

interface Named {
  name: string;
  /** Tells it from others with the same name, such as a time. */
  detail: string | undefined;
}

/** Gives the open panels of one kind their names as titles, with the details while several have the same name. */
export class NamedTitles<Panel extends Titled> {
  readonly #word: string;
  readonly #open = new Map<Panel, Named>();

  constructor(word: string) {
    this.#word = word;
  }

  add(panel: Panel, named: Named): void {
    this.#open.set(panel, named);
    this.#write();
  }

  remove(panel: Panel): void {
    if (this.#open.delete(panel)) this.#write();
  }

  #write(): void {
    const names = Map.groupBy(this.#open.values(), ({ name }) => name);
    for (const [panel, { name, detail }] of this.#open) {
      const isOnly = names.get(name)?.length === 1 || detail === undefined;
      const title = `${this.#word}: ${name}${isOnly ? '' : ` (${detail})`}`;
      if (panel.title !== title) panel.title = title;
    }
  }
}
