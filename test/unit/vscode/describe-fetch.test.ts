import { expect, test } from 'vitest';
import type { FetchResult } from '../../../src/core/versions/sync/fetch-versions.ts';
import { describeFetch } from '../../../src/vscode/versions/commands/describe-fetch.ts';
import { webPage } from '../../../src/vscode/versions/commands/web-page.ts';

const nothing: FetchResult = {
  remote: 'origin',
  labelsMoved: [],
  tagsAdded: [],
  tagsClashing: [],
  resultsAdded: 0,
  conflicts: [],
  notices: [],
};
const by = { name: 'Ada', email: 'ada@example.com' };
const to = 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334';

test('a fetch reports who moved which label, and what else is new', () => {
  expect(describeFetch(nothing)).toBe('No changes from origin.');
  const moved = { prompt: 'churn', label: 'production', from: undefined, to, by };
  expect(describeFetch({ ...nothing, labelsMoved: [moved], tagsAdded: ['v1', 'v2'], resultsAdded: 1 })).toBe(
    'From origin: Ada set production of churn on a1b2c3d; 2 new versions; 1 new result.',
  );
  const removed = { ...moved, from: to, to: undefined };
  expect(describeFetch({ ...nothing, labelsMoved: [removed, moved, moved, moved, moved] })).toBe(
    'From origin: Ada removed production of churn; Ada set production of churn on a1b2c3d; Ada set production of churn on a1b2c3d; 2 more labels moved.',
  );
  expect(describeFetch({ ...nothing, tagsClashing: ['prompt/churn/v3'] })).toContain('yours is kept');
});

test('a version has a page at known hosts, for any form of the remote’s address', () => {
  const place = { commit: to, path: 'prompts/größe #1.prompt' };
  const file = 'prompts/gr%C3%B6%C3%9Fe%20%231.prompt';
  const github = `https://github.com/acme/prompts/blob/${to}/${file}`;
  for (const remote of [
    'https://github.com/acme/prompts.git',
    'https://user@github.com/acme/prompts',
    'git@github.com:acme/prompts.git',
    'ssh://git@github.com:22/acme/prompts.git/',
  ]) {
    expect(webPage(remote, place), remote).toBe(github);
  }
  expect(webPage('git@gitlab.example.com:team/sub/prompts.git', place)).toBe(
    `https://gitlab.example.com/team/sub/prompts/-/blob/${to}/${file}`,
  );
  for (const remote of [undefined, '/srv/git/prompts.git', 'https://example.com/github.com/x.git', 'file:///x/y']) {
    expect(webPage(remote, place), String(remote)).toBeUndefined();
  }
});
