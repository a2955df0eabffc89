import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  COMMANDS,
  CONTEXT_KEYS,
  EXTENSION_ID,
  LANGUAGE_ID,
  SETTINGS,
  stepContextKey,
  VIEWS,
  WALKTHROUGH,
  WALKTHROUGH_STEPS,
} from '../../src/vscode/host/contributions.ts';

const root = new URL('../..', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const { contributes } = manifest;
const text = JSON.stringify(contributes);

describe('the manifest and contributions.ts', () => {
  it('name the same commands', () => {
    const contributed = contributes.commands.map((command: { command: string }) => command.command);
    expect(contributed.sort()).toEqual([...COMMANDS].sort());
  });

  it('offer to import every kind of file that an import reads', () => {
    const entries: { command: string; when: string }[] = contributes.menus['explorer/context'];
    const when = entries.find(({ command }) => command === 'llmops.prompts.import')?.when ?? '';
    const pattern = new RegExp(/=~ \/(.+)\/$/.exec(when)?.[1] ?? '(?!)');
    const kinds = ['prompty', 'yaml', 'yml', 'json', 'jsonl', 'py', 'ipynb', 'ts', 'tsx', 'mts', 'js', 'cjs', 'txt'];
    for (const kind of [...kinds, 'j2', 'jinja', 'jinja2', 'njk']) expect(`.${kind}`).toMatch(pattern);
    for (const kind of ['prompt', 'md', 'png', 'pyc', 'ts.map']) expect(`.${kind}`).not.toMatch(pattern);
  });

  it('name the same settings', () => {
    const contributed = Object.keys(contributes.configuration.properties).map((name) => name.replace(/^llmops\./, ''));
    expect(contributed.sort()).toEqual([...SETTINGS].sort());
  });

  it('link to documentation pages that exist', () => {
    const pages = [...text.matchAll(/command:llmops\.docs\.open\?%5B%22([\w-]+)%22%5D/g)].map(([, page]) => page);
    expect(pages.length).toBeGreaterThan(3);
    for (const page of pages) expect(existsSync(new URL(`media/docs/${page}.md`, root))).toBe(true);
  });

  it('name the same views', () => {
    const contributed = Object.values(contributes.views).flat() as { id: string }[];
    expect(contributed.map(({ id }) => id).sort()).toEqual(Object.values(VIEWS).sort());
  });

  it('name the same language, extension and walkthrough', () => {
    expect(contributes.languages[0].id).toBe(LANGUAGE_ID);
    expect(`${manifest.publisher}.${manifest.name}`).toBe(EXTENSION_ID);
    expect(`${EXTENSION_ID}#${contributes.walkthroughs[0].id}`).toBe(WALKTHROUGH);
  });

  it('complete each step of the walkthrough by its result, and show a picture of it', () => {
    const { steps } = contributes.walkthroughs[0];
    expect(steps.map(({ id }: { id: string }) => id)).toEqual(WALKTHROUGH_STEPS);
    for (const { id, completionEvents, media } of steps) {
      expect(completionEvents).toEqual([`onContext:${stepContextKey(id)}`]);
      expect(media.altText).toMatch(/\w.*\.$/);
      // theme colors only, and nothing that the page's content security policy would block
      const picture = readFileSync(new URL(media.svg, root), 'utf8');
      expect(picture.length).toBeLessThan(20_000);
      expect(picture).not.toMatch(
        /#[0-9a-f]{3,8}\b|style=|<style|<script|href|(?:fill|stroke)="(?!var\(--vscode-|none)/i,
      );
    }
  });

  it('use only context keys that the extension sets', () => {
    const whens = text.match(/llmops\.[a-zA-Z]+(?=["\s&|)])/g) ?? [];
    const known = new Set<string>([...COMMANDS, ...Object.values(VIEWS), ...Object.values(CONTEXT_KEYS)]);
    const used = whens.filter((word) => text.includes(`!${word}`) || text.includes(`&& ${word}`));
    expect(used.filter((word) => !known.has(word))).toEqual([]);
  });
});

describe('the manifest', () => {
  it('refers only to commands that exist', () => {
    const menus = Object.values(contributes.menus).flat() as { command: string }[];
    const named = [
      ...menus.map(({ command }) => command),
      ...contributes.keybindings.map(({ command }: { command: string }) => command),
      ...[...text.matchAll(/\(command:(llmops\.[a-zA-Z.]+)\)/g)].map((match) => match[1] ?? ''),
    ];
    // F6 after the last region of a panel: VS Code's own commands move the focus to another part of the window.
    // Tab accepts the first suggestion of a list without a selection.
    const own = named.filter(
      (id) =>
        id !== 'focusAndAcceptSuggestion' &&
        !/^workbench\.action\.focus(Panel|AuxiliaryBar|StatusBar|SideBar|ActivityBar)$/.test(id),
    );
    const focus = Object.values(VIEWS).map((view) => `${view}.focus`);
    expect(own.filter((id) => !(COMMANDS as string[]).includes(id) && !focus.includes(id))).toEqual([]);
  });

  it('refers only to files that exist', () => {
    const files = [...text.matchAll(/"((?:\.\/)?(?:media|syntaxes)\/[^"]+)"/g)].map((match) => match[1] ?? '');
    expect(files.length).toBeGreaterThan(8);
    expect(files.filter((file) => !existsSync(fileURLToPath(new URL(file, root))))).toEqual([]);
  });

  it('describes every setting, and ends each description with a full stop', () => {
    for (const [name, setting] of Object.entries<{ markdownDescription: string }>(
      contributes.configuration.properties,
    )) {
      expect(setting.markdownDescription, name).toMatch(/[.:]$/);
    }
  });

  it('keeps connections and certificates out of a workspace’s settings', () => {
    const { properties } = contributes.configuration;
    expect(properties['llmops.connections'].scope).toBe('machine');
    expect(properties['llmops.network.caFile'].scope).toBe('machine');
    expect(properties['llmops.ollama.discover'].scope).toBe('machine');
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    // The fetched list applies to all workspaces, so no workspace may choose its address.
    expect(properties['llmops.priceList.url'].scope).toBe('application');
    for (const name of ['defaultModel', 'prices', 'priceList.url', 'budget.perDayUsd', 'budget.perRunUsd']) {
      expect(restricted).toContain(`llmops.${name}`);
    }
  });
});
