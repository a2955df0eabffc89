import { describe, expect, it } from 'vitest';
import { createWorkspace, llmops } from './cli.ts';

const BROKEN = '---\nmodel: demo/swift\nmodl: x\n---\nHello {{name\n';

describe('llmops check', () => {
  it('reports nothing for the sample workspace and exits with 0', async () => {
    using workspace = createWorkspace();
    const { code, stdout, stderr } = await llmops(['check'], { cwd: workspace.folder });
    expect(stderr).toBe('');
    expect(stdout).toBe('3 prompts and 1 evaluation checked: no problems.\n');
    expect(code).toBe(0);
  });

  it('reports the place of each diagnostic, and exits with 1 for an error', async () => {
    using workspace = createWorkspace();
    workspace.write('prompts/broken.prompt', BROKEN);
    const { code, stdout } = await llmops(['check', 'prompts'], { cwd: workspace.folder });
    expect(stdout).toContain(
      'prompts/broken.prompt:3:1  warning  Unknown key `modl`. Did you mean model?  unknown-key',
    );
    expect(stdout).toContain('prompts/broken.prompt:5:7  error  ');
    expect(stdout).toContain('4 prompts checked: 1 error, 1 warning.');
    expect(code).toBe(1);
  });

  it('checks one file with the partials around it, and exits with 0 for warnings only', async () => {
    using workspace = createWorkspace();
    workspace.write('prompts/calls.prompt', '{{> tone}} {{> nobody}}');
    const { code, stdout } = await llmops(['check', 'prompts/calls.prompt'], { cwd: workspace.folder });
    expect(stdout).toMatch(/calls\.prompt:1:16 {2}warning .* {2}missing-partial\n1 prompt checked: 1 warning\.\n$/);
    expect(code).toBe(0);
  });

  it('checks whether the dataset of a prompt exists', async () => {
    using workspace = createWorkspace();
    workspace.write('prompts/one.prompt', '---\nllmops.dataset: ../data/customers.jsonl\n---\nHello.');
    workspace.write('prompts/two.prompt', '---\nllmops.dataset: data/customers.jsonl\n---\nHello.');
    const { stdout } = await llmops(['check', 'prompts/one.prompt', 'prompts/two.prompt'], { cwd: workspace.folder });
    expect(stdout).toMatch(
      /^prompts\/two\.prompt:2:17 {2}warning .* {2}missing-dataset\n2 prompts checked: 1 warning\.\n$/,
    );
  });

  it('reads the schemas of the workspace', async () => {
    using workspace = createWorkspace();
    const text = '---\ninput:\n  schema:\n    who: Person\n---\n{{who.name}}';
    workspace.write('prompts/named.prompt', text);
    const before = await llmops(['check', 'prompts/named.prompt'], { cwd: workspace.folder });
    // The name may be registered in code, so it is reported, but the check does not fail.
    expect(before.stdout).toMatch(
      /^prompts\/named\.prompt:4:10 {2}warning {2}No file defines the schema `Person`.*schema-in-code$/m,
    );
    expect(before.code).toBe(0);
    const { mkdirSync, rmSync } = await import('node:fs');
    mkdirSync(`${workspace.folder}/schemas`);
    workspace.write('schemas/Person.yaml', 'name: string, how they are called\n');
    const after = await llmops(['check', 'prompts/named.prompt'], { cwd: workspace.folder });
    expect(after.stdout).toBe('1 prompt checked: no problems.\n');
    // An existing but invalid file is an error: no program has that name.
    for (const broken of ['name: strin\n', 'name: [\n', '- name\n', 'name: Person\n', 'friend: Nobody\n']) {
      workspace.write('schemas/Person.yaml', broken);
      const { code, stdout } = await llmops(['check', 'prompts/named.prompt'], { cwd: workspace.folder });
      expect(stdout, broken).toMatch(/^prompts\/named\.prompt:4:10 {2}error .*picoschema$/m);
      expect(code, broken).toBe(1);
    }
    rmSync(`${workspace.folder}/schemas/Person.yaml`);
    mkdirSync(`${workspace.folder}/schemas/Person.yaml`);
    const folder = await llmops(['check', 'prompts/named.prompt'], { cwd: workspace.folder });
    expect(folder.stdout).toMatch(/^prompts\/named\.prompt:4:10 {2}error .*Person\.yaml.*picoschema$/m);
    const run = await llmops(['run', 'prompts/named.prompt', '-m', 'demo/swift'], { cwd: workspace.folder });
    expect(run).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/named\.prompt:4:10: .*Person\.yaml is a folder\./),
    });
  });

  it('prints JSON with positions that start at 1', async () => {
    using workspace = createWorkspace();
    workspace.write('broken.prompt', BROKEN);
    const { code, stdout } = await llmops(['check', 'broken.prompt', '--format', 'json'], { cwd: workspace.folder });
    const { files } = JSON.parse(stdout);
    expect(files).toMatchObject([
      { file: 'broken.prompt', diagnostics: [{ code: 'unknown-key', severity: 'warning' }, {}] },
    ]);
    expect(files[0].diagnostics[0]).toMatchObject({ start: { line: 3, column: 1 }, end: { line: 3, column: 5 } });
    expect(code).toBe(1);
  });

  it('prints SARIF 2.1.0 with results that refer to their rules', async () => {
    using workspace = createWorkspace();
    workspace.write('prompts/a b.prompt', BROKEN);
    const { stdout } = await llmops(['check', '--format', 'sarif'], { cwd: workspace.folder });
    const sarif = JSON.parse(stdout);
    expect(sarif).toMatchObject({ version: '2.1.0', $schema: expect.stringContaining('sarif-2.1.0') });
    const [{ tool, results, columnKind }] = sarif.runs;
    expect(columnKind).toBe('utf16CodeUnits');
    expect(results).toHaveLength(2);
    for (const result of results) {
      expect(tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
      expect(result.message.text).not.toBe('');
      expect(['error', 'warning', 'note']).toContain(result.level);
      const { artifactLocation, region } = result.locations[0].physicalLocation;
      expect(artifactLocation.uri).toBe('prompts/a%20b.prompt');
      for (const value of Object.values(region)) expect(value).toBeGreaterThan(0);
    }
  });

  it('follows SARIF’s rules for whole workspaces, unusual paths and empty ranges', async () => {
    using workspace = createWorkspace();
    workspace.write('prompts/ü #1%.prompt', BROKEN);
    workspace.write('prompts/empty.prompt', '{{#if');
    workspace.write('prompts/emoji.prompt', '🎉 {{> nobody}}');
    const { stdout, code } = await llmops(['check', '--format', 'sarif'], { cwd: workspace.folder });
    expect(code).toBe(1);
    const [run, ...others] = JSON.parse(stdout).runs;
    expect(others).toEqual([]);
    const { name, semanticVersion, rules } = run.tool.driver;
    expect({ name, semanticVersion }).toEqual({
      name: 'llmops',
      semanticVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    const ids: string[] = rules.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const rule of rules) {
      expect(rule.shortDescription.text).toMatch(/\w/);
      expect(['none', 'note', 'warning', 'error']).toContain(rule.defaultConfiguration.level);
    }
    const uris = new Set<string>();
    for (const { ruleId, ruleIndex, locations } of run.results) {
      expect(ids[ruleIndex]).toBe(ruleId);
      const [{ physicalLocation }] = locations;
      const { startLine, startColumn, endLine, endColumn } = physicalLocation.region;
      expect(Math.min(startLine, startColumn)).toBeGreaterThanOrEqual(1);
      expect(endLine > startLine || (endLine === startLine && endColumn >= startColumn)).toBe(true);
      const { uri } = physicalLocation.artifactLocation;
      expect(uri).toMatch(/^(?:[\w.~()!*'/-]|%[0-9A-F]{2})+$/);
      uris.add(decodeURIComponent(uri));
    }
    expect([...uris]).toEqual(['prompts/emoji.prompt', 'prompts/empty.prompt', 'prompts/ü #1%.prompt']);
    const emoji = run.results.find(({ ruleId }: { ruleId: string }) => ruleId === 'missing-partial');
    // Counted in UTF-16, as `columnKind` says: the emoji has length two.
    expect(emoji.locations[0].physicalLocation.region).toMatchObject({ startLine: 1, startColumn: 8 });
  });

  it('checks a thousand prompts in one run', async () => {
    using workspace = createWorkspace();
    for (let index = 0; index < 1000; index += 1) workspace.write(`prompts/p${index}.prompt`, `{{topic}} ${index}`);
    const { stdout } = await llmops(['check', '--format', 'json'], { cwd: workspace.folder });
    expect(JSON.parse(stdout).files).toHaveLength(1004);
  });

  it('exits with 2 for a file that is not a prompt, with the expected extension', async () => {
    using workspace = createWorkspace();
    const { code, stderr, stdout } = await llmops(['check', 'README.md'], { cwd: workspace.folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/README\.md is not a \.prompt file\.\n.*llmops import/);
  });

  it('exits with 2 for a path that does not exist and for an unknown format', async () => {
    using workspace = createWorkspace();
    const missing = await llmops(['check', 'nowhere'], { cwd: workspace.folder });
    expect(missing.stderr).toContain('nowhere does not exist.');
    expect(missing.code).toBe(2);
    expect((await llmops(['check', '--format', 'xml'], { cwd: workspace.folder })).code).toBe(2);
  });
});
