import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

const quickFile = () => path.join(folder().fsPath, 'prompts/quick.prompt');
const QUICK = '---\nmodel: demo/balanced\nconfig:\n  demo: { tokensPerSecond: 4000, ttftMs: 1 }\n---\nSay hello.\n';

const panels = () =>
  vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => tab.label.startsWith('Compare:'));

describe('running a prompt', () => {
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(quickFile(), { force: true });
  });

  it('opens a panel, runs the file’s model, and records the run', async () => {
    const { uri } = await openPrompt('prompts/churn-analysis.prompt');

    await vscode.commands.executeCommand('llmops.prompt.run', uri);

    await until(async () => (panels().length === 1 ? true : undefined));
    const run = await until(async () =>
      existsSync(databasePath()) ? query("SELECT * FROM runs WHERE state = 'done'")[0] : undefined,
    );
    assert.equal(run.model, 'demo/balanced');
  });

  it('uses the prices and budgets that are set when it starts', async () => {
    writeFileSync(quickFile(), QUICK);
    const { uri } = await openPrompt('prompts/quick.prompt');
    const settings = vscode.workspace.getConfiguration('llmops');
    const set = (name: string, value: unknown) => settings.update(name, value, vscode.ConfigurationTarget.Workspace);
    const next = async () => {
      const newest = () => query('SELECT * FROM runs ORDER BY seq DESC LIMIT 1')[0];
      const before = newest()?.seq;
      await vscode.commands.executeCommand('llmops.prompt.run', uri);
      return until(async () => {
        const run = newest();
        return run && run.seq !== before && run.state !== 'streaming' ? run : undefined;
      });
    };
    // A dollar per input token, so that no other price can be meant.
    await set('prices', { 'demo/*': { inputUsd: 1_000_000, outputUsd: 0 } });
    const priced = await next();
    assert.equal(priced.cost_usd, JSON.parse(String(priced.usage)).inputTokens);
    await set('prices', { 'demo/*': { inputUsd: 2_000_000, outputUsd: 0 } });
    const dearer = await next();
    assert.equal(dearer.cost_usd, 2 * JSON.parse(String(dearer.usage)).inputTokens);
    await set('budget.perRunUsd', 1);
    const refused = await next();
    assert.equal(refused.state, 'failed');
    assert.match(String(refused.details), /Not sent: the input alone would cost about/);
    await set('budget.perRunUsd', undefined);
    await set('prices', undefined);
    assert.equal((await next()).state, 'done');
  });

  it('shows the open panel instead of a second one', async () => {
    const { uri } = await openPrompt('prompts/churn-analysis.prompt');
    await vscode.commands.executeCommand('llmops.prompt.compare', uri);
    await until(async () => (panels().length ? true : undefined));
    await vscode.commands.executeCommand('llmops.prompt.compare', uri);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(panels().length, 1);
  });

  it('gives the database’s folder its own .gitignore', async () => {
    const text = readFileSync(path.join(folder().fsPath, '.llmops', '.gitignore'), 'utf8');
    assert.match(text, /^\*$/m);
  });

  it('has SQLite with full-text search in this host', () => {
    const database = new DatabaseSync(':memory:');
    database.exec("CREATE VIRTUAL TABLE t USING fts5(body); INSERT INTO t VALUES ('hello world')");
    assert.equal(database.prepare("SELECT count(*) AS n FROM t WHERE t MATCH 'hello'").get()?.n, 1);
  });
});
