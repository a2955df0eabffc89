import { UserError } from '../../../core/base/errors.ts';
import type { Author } from '../../../core/versions/git/identity.ts';
import { checkLabel } from '../../../core/versions/names/ref-names.ts';
import type { CommandContext } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import type { VersionsValues } from '../versions.ts';
import { withPrompt } from './with-prompt.ts';

/** `llmops versions save`: commits only this prompt and its partials, and tags the commit with the next number. */
export async function run(values: VersionsValues['save'], context: CommandContext): Promise<number> {
  const { prompt, label, why = '', replaceStaged } = values;
  if (label !== undefined) checkLabel(label);
  const author = readAuthor(values.author);
  return withPrompt(prompt, context, async ({ versions, file, version, terminal, output }) => {
    if (version) throw onlyWorkingFile(prompt);
    const saved = await versions.saves.save(file, {
      message: values.message,
      ...(label === undefined ? {} : { label: { label, why } }),
      replaceStaged,
      ...(author ? { author } : {}),
    });
    const { tag, commit, contentHash, committed, message, notices } = saved;
    for (const notice of notices) terminal.note(notice);
    if (saved.output) terminal.note(saved.output.replace(/\n$/, ''));
    const name = await versions.names.nameOf(file);
    await output.print({
      json: () => ({
        prompt: name,
        version: `v${tag.number}`,
        tag: tag.tag,
        commit,
        contentHash,
        committed,
        message,
        label: saved.label ?? null,
        notices,
      }),
      text({ print }) {
        const labelled = saved.label === undefined ? '' : `, labeled ${saved.label}`;
        const subject = message.split('\n')[0] ?? '';
        print(`Saved ${name} as v${tag.number} (${commit.slice(0, 10)})${labelled}: ${subject}`);
      },
    });
    // The version was saved but not labeled: a script must be able to see that.
    return label !== undefined && saved.label === undefined ? EXIT.machine : EXIT.ok;
  });
}

function onlyWorkingFile(written: string): UserError {
  return new UserError(`${written} specifies a version, but only the working file can be saved.`, {
    code: 'usage',
    hint: 'Omit the @ and everything after it.',
  });
}

/** Reads the value of `--author`. */
export function readAuthor(text: string | undefined): Author | undefined {
  if (text === undefined) return undefined;
  const [, name, email] = /^\s*([^<>\n]+?)\s*<([^<>\s]+)>\s*$/.exec(text) ?? [];
  if (name !== undefined && email !== undefined) return { name, email };
  throw new UserError(`--author ${text} is not a name and an email address.`, {
    code: 'usage',
    hint: 'Use --author "Ana Costa <ana@example.com>".',
  });
}
