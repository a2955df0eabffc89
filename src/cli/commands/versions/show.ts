import { EXIT } from '../../exit-codes.ts';
import { formatJson } from '../../output/terminal.ts';
import { type VersionsHost, withPrompt } from './open-versions.ts';
import { figuresOf } from './version-figures.ts';

export interface ShowOptions {
  json?: boolean;
}

/** `llmops versions show`: the text goes to stdout as it is, and what is known of the version to stderr. */
export function showVersion(written: string, { json }: ShowOptions, host: VersionsHost): Promise<number> {
  return withPrompt(written, host, async ({ workbench, versions, file, version, terminal }) => {
    const content = version?.content ?? (await versions.saves.workingContent(file));
    const name = await versions.names.nameOf(file, content.source);
    const results = (await versions.results.read([content.hash])).get(content.hash);
    const { label, commit } = version ?? { label: 'working copy', commit: undefined };
    const savedAs = version?.savedAs.map(({ number }) => `v${number}`) ?? [];
    if (json) {
      const { source, partials, hash } = content;
      const facts = { prompt: name, version: label, commit: commit ?? null, path: version?.path ?? file, savedAs };
      const parts = partials.map(({ name: partial, path, text }) => ({ name: partial, path, text }));
      const known = { contentHash: hash, source, partials: parts, results: results?.summary ?? null };
      terminal.out(`${formatJson({ ...facts, ...known, notices: await workbench.storeNotices() }, 2)}\n`);
      return EXIT.ok;
    }
    const names = [label, ...savedAs.filter((saved) => saved !== label), commit?.slice(0, 10)].filter(Boolean);
    const figures = results ? figuresOf(results).filter(({ value }) => value !== undefined) : [];
    const facts = figures.map(({ title, text }) => `${title.toLowerCase()} ${text}`);
    terminal.err(`${[`${name} at ${names.join(', ')}`, ...facts].join(' · ')}\n`);
    terminal.out(terminal.clean(content.source.replace(/\n?$/, '\n')));
    for (const partial of content.partials) terminal.err(`It uses the partial ${partial.path}.\n`);
    return EXIT.ok;
  });
}
