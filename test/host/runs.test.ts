import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as vscode from 'vscode';
import { folder, openPrompt, until } from './workspace.ts';

const databasePath = () => path.join(folder().fsPath, '.llmops', 'llmops.db');

function query(sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(databasePath(), { readOnly: true, timeout: 5000 });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

const panels = () =>
  vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => tab.label.startsWith('Compare:'));

describe('running a prompt', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('opens a panel, runs the file’s model, and records the run', async () => {
    const { uri } = await openPrompt('prompts/churn-analysis.prompt');

    await vscode.commands.executeCommand('llmops.prompt.run', uri);

    await until(async () => (panels().length === 1 ? true : undefined));
    const run = await until(async () =>
      existsSync(databasePath()) ? query("SELECT * FROM runs WHERE state = 'done'")[0] : undefined,
    );
    assert.equal(run.model, 'demo/balanced');
  });

  it('shows the panel that is open instead of a second one', async () => {
    const { uri } = await openPrompt('prompts/churn-analysis.prompt');
    await vscode.commands.executeCommand('llmops.prompt.compare', uri);
    await until(async () => (panels().length ? true : undefined));
    await vscode.commands.executeCommand('llmops.prompt.compare', uri);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(panels().length, 1);
  });

  it('gives the database’s folder a .gitignore of its own', async () => {
    const text = readFileSync(path.join(folder().fsPath, '.llmops', '.gitignore'), 'utf8');
    assert.match(text, /^\*$/m);
  });

  it('has SQLite with full-text search in this host', () => {
    const database = new DatabaseSync(':memory:');
    database.exec("CREATE VIRTUAL TABLE t USING fts5(body); INSERT INTO t VALUES ('hello world')");
    assert.equal(database.prepare("SELECT count(*) AS n FROM t WHERE t MATCH 'hello'").get()?.n, 1);
  });
});
