import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS, EXTENSION_ID } from '../../src/vscode/host/contributions.ts';
import { until } from './workspace.ts';

describe('the commands', () => {
  before(() => vscode.extensions.getExtension(EXTENSION_ID)?.activate());

  it('are all registered', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      COMMANDS.filter((id) => !registered.has(id)),
      [],
    );
  });

  it('open a documentation page as Markdown', async () => {
    await vscode.commands.executeCommand('llmops.docs.open', 'versions');
    const label = await until(async () => {
      const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
      return tab?.label.includes('versions.md') ? tab.label : undefined;
    });
    assert.match(label, /^Preview/);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });
});
