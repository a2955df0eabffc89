import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { WorkspaceIndex } from '../../src/core/language/workspace/workspace-index.ts';
import { LANGUAGE_ID } from '../../src/vscode/host/contributions.ts';
import { registerInlayHints } from '../../src/vscode/language/providers/inlay-hints.ts';

type HintsContext = Parameters<typeof registerInlayHints>[0];

/** Hints with a price of their own, next to those of the extension. The first estimate waits for `release`. */
function registerHints() {
  const changed = new vscode.EventEmitter<void>();
  const estimating = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const state = { inputUsd: 0.123 };
  const runs = {
    async estimatePrompt() {
      const { inputUsd } = state;
      estimating.resolve();
      await released;
      return { inputTokens: 10, inputUsd, filledWith: 'defaults' };
    },
  };
  const registered = registerInlayHints({
    workspace: { index: async () => new WorkspaceIndex(() => []), onDidChange: new vscode.EventEmitter().event },
    workbenches: { for: async () => ({ runs, prompts: { load: async () => ({}) } }), onModelsChanged: changed.event },
    log: { error: (message: string, error: unknown) => assert.fail(`${message}: ${error}`) },
  } as unknown as HintsContext);
  return { registered, changed, estimating: estimating.promise, release, state };
}

describe('inlay hints', () => {
  it('are computed again if something changed while VS Code waited for the first ones', async () => {
    const { registered, changed, estimating, release, state } = registerHints();
    try {
      const content = '---\nmodel: demo/swift\n---\nHello\n';
      const document = await vscode.workspace.openTextDocument({ language: LANGUAGE_ID, content });
      const whole = new vscode.Range(0, 0, document.lineCount, 0);
      const asked = vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        document.uri,
        whole,
      );
      await estimating;
      state.inputUsd = 0.456;
      changed.fire();
      release();
      const labels = (await asked).map(({ label }) => String(label));
      assert.ok(
        labels.some((label) => label.includes('$456')),
        labels.join(),
      );
      assert.ok(!labels.some((label) => label.includes('$123')), labels.join());
    } finally {
      registered.dispose();
    }
  });
});
