import { describe, expect, it } from 'vitest';
import { createWorkspace, llmops } from './cli.ts';

const RUN = ['run', 'prompts/priced.prompt', '--model', 'demo/swift', '--json', '--no-record'];

interface Report {
  runs: {
    costUsd: number | null;
    costEstimated: boolean | null;
    priceSource: string | null;
    priceDate: string | null;
  }[];
}

describe('llmops/prices.yaml', () => {
  it('prices the runs of the command line, which names the price’s source and day', async () => {
    using workspace = createWorkspace();
    workspace.write('prompts/priced.prompt', 'Say hello.');
    const before = await llmops(RUN, { cwd: workspace.folder });
    const [demo] = (JSON.parse(before.stdout) as Report).runs;
    expect(demo).toMatchObject({ priceSource: 'demo', priceDate: null, costEstimated: false });

    workspace.write('llmops/prices.yaml', 'demo/*:\n  inputUsd: 1000\n  outputUsd: 1000\n  asOf: 2026-11-29\n');
    const after = await llmops(RUN, { cwd: workspace.folder });
    const [own] = (JSON.parse(after.stdout) as Report).runs;
    expect(after.stderr).toBe('');
    expect(own).toMatchObject({ priceSource: 'llmops/prices.yaml (2026-11-29)', priceDate: '2026-11-29' });
    expect(own?.costUsd).toBeGreaterThan((demo?.costUsd ?? 0) * 100);
  });

  it('is shown with the models that it prices', async () => {
    using workspace = createWorkspace();
    workspace.write('llmops/prices.yaml', 'demo/swift:\n  inputUsd: 7\n  outputUsd: 8\n');
    const { stdout } = await llmops(['models', 'demo', '--json'], { cwd: workspace.folder });
    const [{ models }] = (JSON.parse(stdout) as { connections: [{ models: { ref: string; prices: unknown }[] }] })
      .connections;
    expect(models.find(({ ref }) => ref === 'demo/swift')?.prices).toEqual({
      inputUsd: 7,
      outputUsd: 8,
      source: 'llmops/prices.yaml',
    });
  });

  it('with a mistake is reported by run, by models and, with its place, by check, which exits with 1', async () => {
    using workspace = createWorkspace();
    workspace.write('prompts/priced.prompt', 'Say hello.');
    workspace.write('llmops/prices.yaml', 'demo/swift:\n  inputUsd: 1\n  outputUsd: cheap\n');
    const ran = await llmops(RUN, { cwd: workspace.folder });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/prices\.yaml: "demo\/swift": "outputUsd" must be a number, 0 or more\.\n$/);
    const listed = await llmops(['models', 'demo'], { cwd: workspace.folder });
    expect(listed.stderr).toContain('"outputUsd" must be a number');

    const checked = await llmops(['check'], { cwd: workspace.folder });
    expect(checked.stdout).toContain(
      'llmops/prices.yaml:3:14  error  "demo/swift": "outputUsd" must be a number, 0 or more.  price-file\n',
    );
    expect(checked.stdout).toContain('4 prompts and llmops/prices.yaml checked: 1 error.\n');
    expect(checked.code).toBe(1);
    const alone = await llmops(['check', 'llmops/prices.yaml'], { cwd: workspace.folder });
    expect(alone.stdout).toContain('0 prompts and llmops/prices.yaml checked: 1 error.');
    const prompts = await llmops(['check', 'prompts'], { cwd: workspace.folder });
    expect(prompts.stdout).not.toContain('prices.yaml');
    const sarif = await llmops(['check', '--format', 'sarif'], { cwd: workspace.folder });
    const [{ tool }] = (JSON.parse(sarif.stdout) as { runs: [{ tool: { driver: { rules: unknown[] } } }] }).runs;
    expect(tool.driver.rules).toEqual([
      expect.objectContaining({ id: 'price-file', shortDescription: { text: 'A price cannot be used' } }),
    ]);
  });
});
