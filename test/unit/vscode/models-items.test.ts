import { expect, test, vi } from 'vitest';
import type { ConnectionInfo } from '../../../src/core/models/models.ts';

class ThemeIcon {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}
class MarkdownString {
  appendMarkdown() {
    return this;
  }
}
vi.mock('vscode', () => ({
  ThemeIcon,
  ThemeColor: class {},
  TreeItem: class {},
  MarkdownString,
  TreeItemCollapsibleState: { Collapsed: 1 },
  workspace: { getConfiguration: () => ({ get: () => undefined }) },
}));
const { toModelsItem } = await import('../../../src/vscode/models/models-items.ts');

const refused = (hasKey: boolean) =>
  ({
    connection: { id: 'vertexai', type: 'vertexai', source: 'built-in' },
    state: { kind: 'unreachable', error: { code: 'auth', message: 'vertexai: not signed in.' }, checkedAt: 0 },
    keyRequired: false,
    hasKey,
  }) as unknown as ConnectionInfo;

test('who has not signed in has something to do, and no error; a key that was refused is one', () => {
  const iconOf = (hasKey: boolean) =>
    (toModelsItem({ kind: 'connection', info: refused(hasKey) }).iconPath as ThemeIcon).id;
  expect(iconOf(false)).toBe('key');
  expect(iconOf(true)).toBe('error');
});
