import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { UserError } from '../../src/core/base/errors.ts';
import { type MoreRow, PagedTree, type TreeRow } from '../../src/vscode/shell/paged-tree.ts';
import { PagedList } from '../../src/vscode/shell/rows/paged-list.ts';
import { until } from './workspace.ts';

/** The view of test/fixtures/view-extension. */
const VIEW = 'llmopsTest.rows';
const MORE = 'llmopsTest.showMore';

interface NumberRow {
  kind: 'number';
  value: number;
  label: string;
}

/** Nine rows, three per page. `drawn` contains the rows that VS Code requested, in order. */
function openTree() {
  const labels = new Map<number, string>();
  const drawn: number[] = [];
  const pages: { limit: number; cursor?: number }[] = [];
  const errors: string[] = [];
  let failure: Error | undefined;
  const list = new PagedList<number, number>(3, async (request) => {
    pages.push(request);
    const { cursor = 0, limit } = request;
    const end = Math.min(9, cursor + limit);
    const items = Array.from({ length: end - cursor }, (_, index) => cursor + index);
    return { items, next: end < 9 ? end : undefined };
  });
  const tree = new PagedTree<NumberRow>(VIEW, {
    async rows() {
      if (failure) throw failure;
      const { items, next } = await list.load();
      const rows = items.map((value): TreeRow<NumberRow> => {
        return { kind: 'number', value, label: labels.get(value) ?? `Row ${value}` };
      });
      return next === undefined ? rows : [...rows, { kind: 'more', list: 'numbers' }];
    },
    idOf: ({ value }) => String(value),
    toItem({ value, label }) {
      drawn.push(value);
      return new vscode.TreeItem(label);
    },
    more: { command: MORE, read: () => list.more() },
    log: { debug() {}, info() {}, warn() {}, error: (message) => void errors.push(message) },
    failure: 'The numbers could not be read',
  });
  const fail = (error: Error | undefined) => {
    failure = error;
  };
  return { tree, labels, drawn, pages, errors, fail };
}

/** VS Code requests changed rows a moment after the refresh; a bit later, no more requests will follow. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 600));

describe('a tree with pages', () => {
  let opened: ReturnType<typeof openTree>;

  beforeEach(async () => {
    opened = openTree();
    await vscode.commands.executeCommand(`${VIEW}.focus`);
    await until(async () => (opened.drawn.includes(2) ? true : undefined));
    await settle();
    opened.drawn.length = 0;
  });

  afterEach(() => opened.tree.dispose());

  it('makes VS Code request only the rows that differ', async () => {
    const { tree, labels, drawn } = opened;
    await tree.refresh();
    await settle();
    assert.deepEqual(drawn, []);

    labels.set(1, 'Another name');
    const before = tree.find('1');
    await tree.refresh();
    await until(async () => (drawn.length > 0 ? true : undefined));
    await settle();
    assert.deepEqual([...new Set(drawn)], [1]);
    assert.equal(tree.find('1'), before);
  });

  it('shows an error as a row, and the rows again once they can be read', async () => {
    const { tree, drawn, errors, fail } = opened;
    fail(new UserError('The list is locked.', { code: 'store', hint: 'Try again.' }));
    await tree.refresh();
    await settle();
    const [row, ...others] = tree.shownRows();
    assert.deepEqual(others, []);
    assert.ok(row?.kind === 'message');
    assert.equal(row.text, 'The list is locked. Try again.');
    assert.equal(row.command?.command, 'llmops.log.show');
    assert.deepEqual(errors, ['The numbers could not be read']);

    fail(undefined);
    await tree.refresh();
    await until(async () => (drawn.includes(2) ? true : undefined));
    assert.equal(tree.shownRows().length, 4);
  });

  it('reads one page for Show More, and draws the rows of that page', async () => {
    const { tree, drawn, pages } = opened;
    const more = tree.shownRows().find((row): row is MoreRow => row.kind === 'more');
    pages.length = 0;
    await vscode.commands.executeCommand(MORE, more);
    await until(async () => (drawn.includes(5) ? true : undefined));
    assert.deepEqual(pages, [{ limit: 3, cursor: 3 }]);
    assert.equal(tree.shownRows().length, 7);
  });
});
