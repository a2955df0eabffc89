import path from 'node:path';
import { promptName } from '../../shared/prompt-name.ts';

/** An object with a title, such as a panel of VS Code. */
interface Titled {
  title: string;
}

/** Gives the open panels of one kind unique titles, by the folder of the file, and then by a number. */
export class PanelTitles<Panel extends Titled> {
  readonly #word: string;
  readonly #open = new Map<Panel, { file: string; number: number }>();

  constructor(word: string) {
    this.#word = word;
  }

  /** `file` is the path of the prompt in the workspace. A panel keeps its number while it is open. */
  add(panel: Panel, file: string): void {
    this.#open.delete(panel);
    const taken = [...this.#open.values()].filter((other) => other.file === file).map(({ number }) => number);
    const own = Number(/ \((\d+)\)$/.exec(panel.title)?.[1]);
    let number = own > 1 && !taken.includes(own) ? own : 1;
    while (taken.includes(number)) number += 1;
    this.#open.set(panel, { file, number });
    this.#write();
  }

  remove(panel: Panel): void {
    this.#open.delete(panel);
    this.#write();
  }

  #write(): void {
    for (const [panel, { file, number }] of this.#open) {
      const namesakes = [...this.#open.values()].some(
        (other) => other.file !== file && promptName(other.file) === promptName(file),
      );
      const name = `${promptName(file)}${namesakes ? ` — ${folderOf(file)}` : ''}`;
      const title = `${this.#word}: ${name}${number > 1 ? ` (${number})` : ''}`;
      if (panel.title !== title) panel.title = title;
    }
  }
}

const posix = (file: string) => file.replaceAll('\\', '/');

function folderOf(file: string): string {
  const folder = path.posix.dirname(posix(file));
  return folder === '.' ? './' : folder;
}
