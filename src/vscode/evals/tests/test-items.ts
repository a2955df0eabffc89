import * as vscode from 'vscode';
import type { EvalSpec } from '../../../core/evals/file/eval-spec.ts';
import type { EvalListed, StoredCase } from '../../../core/store/evals/eval-record.ts';
import { promptName } from '../../../shared/prompt-name.ts';
import { caseLabel } from '../describe-result.ts';
import { evaluationFileName } from '../evaluation-files.ts';

/** What an item of the Test Explorer is. */
export type TestTarget =
  | { kind: 'file'; uri: vscode.Uri }
  /** A prompt with its version, or a target. */
  | { kind: 'subject'; uri: vscode.Uri; title: string }
  | { kind: 'case'; uri: vscode.Uri; title: string; caseId: string };

/** What a test shows of a case. */
export type ShownCase = Pick<StoredCase, 'id' | 'inputs' | 'messages' | 'expected' | 'dataset' | 'number'>;

/** A case with its place in its dataset. */
export interface LocatedCase {
  /** The place in the result, or in the dataset before there is one, from 0. */
  place: number;
  stored: ShownCase;
  /** The dataset; undefined for rows of the evaluation file. */
  uri: vscode.Uri | undefined;
  /** From 0; undefined if it was not found. */
  line: number | undefined;
}

/** Creates items and knows what they are. Items that are there stay, with their states. */
export class TestItems {
  readonly #controller: vscode.TestController;
  readonly #targets = new WeakMap<vscode.TestItem, TestTarget>();

  constructor(controller: vscode.TestController) {
    this.#controller = controller;
  }

  targetOf(item: vscode.TestItem): TestTarget | undefined {
    return this.#targets.get(item);
  }

  file(uri: vscode.Uri): vscode.TestItem {
    const id = uri.toString();
    const known = this.#controller.items.get(id);
    if (known) return known;
    const item = this.#create({ id, label: evaluationFileName(uri.path), uri }, { kind: 'file', uri });
    item.canResolveChildren = true;
    this.#controller.items.add(item);
    return item;
  }

  /** The prompts or targets of an evaluation. */
  subjects(parent: vscode.TestItem, uri: vscode.Uri, spec: EvalSpec): vscode.TestItem[] {
    const items = subjectTitles(spec).map((title) => {
      const known = parent.children.get(title);
      if (known) return known;
      const item = this.#create({ id: title, label: title, uri }, { kind: 'subject', uri, title });
      item.canResolveChildren = true;
      return item;
    });
    parent.children.replace(items);
    return items;
  }

  cases(parent: vscode.TestItem, cases: readonly LocatedCase[]): vscode.TestItem[] {
    const target = this.targetOf(parent);
    if (target?.kind !== 'subject') return [];
    const { uri, title } = target;
    const items = cases.map(({ stored, uri: file, line }, index) => {
      const { id } = stored;
      const item =
        parent.children.get(id) ??
        this.#create({ id, label: caseLabel(stored), uri: file ?? uri }, { kind: 'case', uri, title, caseId: id });
      item.range = line === undefined ? undefined : new vscode.Range(line, 0, line, 0);
      // items are sorted by their labels otherwise
      item.sortText = String(index).padStart(6, '0');
      return item;
    });
    parent.children.replace(items);
    return items;
  }

  #create({ id, label, uri }: { id: string; label: string; uri: vscode.Uri }, target: TestTarget): vscode.TestItem {
    const item = this.#controller.createTestItem(id, label, uri);
    this.#targets.set(item, target);
    return item;
  }
}

const ANSWERS = 'answers of the dataset';

/** As columns of results are called. */
function subjectTitles({ prompts, targets }: EvalSpec): string[] {
  if (targets.length > 0) return targets.map(({ name }) => name);
  if (prompts.length === 0) return [ANSWERS];
  const titles = prompts.map(({ prompt, ref }) => `${promptName(prompt)}${ref === undefined ? '' : `@${ref}`}`);
  return [...new Set(titles)];
}

/** The columns of a result that belong to an item. */
export function columnsOf({ columns }: Pick<EvalListed, 'columns'>, title: string): number[] {
  return columns.flatMap(({ prompt, version }, index) => {
    const own = prompt === undefined ? ANSWERS : `${prompt}${version ? `@${version.label}` : ''}`;
    return own === title ? [index] : [];
  });
}
