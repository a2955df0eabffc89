import * as vscode from 'vscode';
import type { EvalSpec } from '../../../core/evals/file/eval-spec.ts';
import type { StoredCase } from '../../../core/store/evals/eval-record.ts';
import { caseLabel } from '../../../shared/case-label.ts';
import { evaluationFileName } from '../evaluation-files.ts';
import { subjectTitles } from './test-subjects.ts';

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

  /** All cases below a prompt, in this order. */
  cases(parent: vscode.TestItem, cases: readonly LocatedCase[]): vscode.TestItem[] {
    const items = cases.flatMap((one, index) => {
      const item = this.#case(parent, one);
      // items are sorted by their labels otherwise
      if (item) item.sortText = String(index).padStart(6, '0');
      return item ?? [];
    });
    parent.children.replace(items);
    return items;
  }

  /** Some of the cases below a prompt; those that are not shown yet come after the others. */
  someCases(parent: vscode.TestItem, cases: readonly LocatedCase[]): vscode.TestItem[] {
    return cases.flatMap((one) => {
      const item = this.#case(parent, one);
      if (!item) return [];
      item.sortText ??= String(parent.children.size).padStart(6, '0');
      parent.children.add(item);
      return item;
    });
  }

  #case(parent: vscode.TestItem, { stored, uri: file, line }: LocatedCase): vscode.TestItem | undefined {
    const target = this.targetOf(parent);
    if (target?.kind !== 'subject') return undefined;
    const { uri, title } = target;
    const { id } = stored;
    const item =
      parent.children.get(id) ??
      this.#create({ id, label: caseLabel(stored), uri: file ?? uri }, { kind: 'case', uri, title, caseId: id });
    item.range = line === undefined ? undefined : new vscode.Range(line, 0, line, 0);
    return item;
  }

  #create({ id, label, uri }: { id: string; label: string; uri: vscode.Uri }, target: TestTarget): vscode.TestItem {
    const item = this.#controller.createTestItem(id, label, uri);
    this.#targets.set(item, target);
    return item;
  }
}
