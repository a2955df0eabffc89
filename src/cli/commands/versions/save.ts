import { UserError } from '../../../core/base/errors.ts';
import type { Author } from '../../../core/versions/git/identity.ts';
import { checkLabel } from '../../../core/versions/names/ref-names.ts';
import { EXIT } from '../../exit-codes.ts';
import { formatJson } from '../../output/terminal.ts';
import { type VersionsHost, withPrompt } from './open-versions.ts';

export interface SaveCommandOptions {
  message?: string;
  label?: string;
  why?: string;
  replaceStaged?: boolean;
  author?: string;
  json?: boolean;
}

/** `llmops versions save`: commits this prompt and its partials alone, and gives the commit the next number. */
export function saveVersion(written: string, options: SaveCommandOptions, host: VersionsHost): Promise<number> {
  const { label, why = '' } = options;
  if (label !== undefined) checkLabel(label);
  const author = options.author === undefined ? undefined : readAuthor(options.author);
  return withPrompt(written, host, async ({ versions, file, version, terminal }) => {
    if (version) throw onlyWorkingFiles('save', written);
    const message = options.message ?? (await versions.saves.proposeMessage(file));
    const saved = await versions.saves.save(file, {
      message,
      ...(label === undefined ? {} : { label: { label, why } }),
      replaceStaged: options.replaceStaged === true,
      ...(author ? { author } : {}),
    });
    for (const notice of saved.notices) terminal.err(`${notice}\n`);
    if (saved.output) terminal.err(saved.output.replace(/\n?$/, '\n'));
    const name = await versions.names.nameOf(file);
    // The version is saved, and what else was asked for is not done: a script must not go on as if it were.
    const code = label !== undefined && saved.label === undefined ? EXIT.machine : EXIT.ok;
    if (options.json) {
      const { commit, contentHash, committed } = saved;
      const facts = { prompt: name, version: `v${saved.tag.number}`, tag: saved.tag.tag, commit, contentHash };
      const { message: kept, label: set = null, notices } = saved;
      terminal.out(`${formatJson({ ...facts, committed, message: kept, label: set, notices }, 2)}\n`);
      return code;
    }
    const labelled = saved.label === undefined ? '' : `, labelled ${saved.label}`;
    const subject = saved.message.split('\n')[0] ?? '';
    terminal.out(
      terminal.clean(`Saved ${name} as v${saved.tag.number} (${saved.commit.slice(0, 10)})${labelled}: ${subject}\n`),
    );
    return code;
  });
}

export function onlyWorkingFiles(verb: string, written: string): UserError {
  return new UserError(`${written} names a version, and only the working file can be used with ${verb}.`, {
    code: 'usage',
    hint: 'Leave out the @ and what follows it.',
  });
}

export function readAuthor(text: string): Author {
  const [, name, email] = /^\s*([^<>\n]+?)\s*<([^<>\s]+)>\s*$/.exec(text) ?? [];
  if (name !== undefined && email !== undefined) return { name, email };
  throw new UserError(`--author ${text} is not a name with an address.`, {
    code: 'usage',
    hint: 'Write --author "Ana Costa <ana@example.com>".',
  });
}
