import { evaluationInWords, evaluationsToJson } from '../../../core/versions/results/describe-evaluations.ts';
import type { CommandContext } from '../../context.ts';
import type { VersionsValues } from '../versions.ts';
import { figuresOf } from './version-figures.ts';
import { withPrompt } from './with-prompt.ts';

/** `llmops versions show`: prints the unchanged text to stdout, and information about the version to stderr. */
export function run({ prompt }: VersionsValues['show'], context: CommandContext): Promise<void> {
  return withPrompt(prompt, context, async ({ workbench, versions, file, version, output }) => {
    const { source, partials, hash } = version?.content ?? (await versions.saves.workingContent(file));
    const name = await versions.names.nameOf(file, source);
    const [results, evaluations] = await Promise.all([
      versions.results.read([hash]).then((found) => found.get(hash)),
      versions.results.readEvaluations([hash]).then((found) => found.get(hash)),
    ]);
    const { label, commit } = version ?? { label: 'working copy', commit: undefined };
    const savedAs = version?.savedAs.map(({ number }) => `v${number}`) ?? [];
    await output.print({
      json: async () => ({
        prompt: name,
        version: label,
        commit: commit ?? null,
        path: version?.path ?? file,
        savedAs,
        contentHash: hash,
        source,
        partials: partials.map(({ name: partial, path, text }) => ({ name: partial, path, text })),
        results: results?.summary ?? null,
        evaluations: evaluationsToJson(evaluations),
        notices: await workbench.store.notices(),
      }),
      text({ note, print }) {
        const names = [label, ...savedAs.filter((saved) => saved !== label), commit?.slice(0, 10)].filter(Boolean);
        const figures = results ? figuresOf(results).filter(({ value }) => value !== undefined) : [];
        const facts = figures.map(({ title, text }) => `${title.toLowerCase()} ${text}`);
        const score = evaluationInWords(evaluations);
        if (score !== undefined) facts.push(score);
        note([`${name} at ${names.join(', ')}`, ...facts].join(' · '));
        print(source.replace(/\n$/, ''));
        for (const { path } of partials) note(`Uses the partial ${path}.`);
      },
    });
  });
}
