import { ProviderError, UserError } from '../../base/errors.ts';
import { LONGEST_YAML } from '../../config/read-config-text.ts';
import { readYaml } from '../../config/read-yaml.ts';
import { positionAt } from '../../prompts/position.ts';
import type { EvalSpec } from '../file/eval-spec.ts';
import { relativeTo } from '../file/relative-to.ts';
import type { EvalPorts } from '../run/eval-ports.ts';

/** An entry of an evaluation file: where it is, and its text, which options of a run may have replaced. */
interface Entry {
  keys: readonly string[];
  written: string;
}

/** Does what an entry of the evaluation file asks for; its error names the file and the line of the entry. */
export async function atEntry<T>(
  ports: Pick<EvalPorts, 'folder' | 'files'>,
  spec: Pick<EvalSpec, 'path' | 'isUnsaved'>,
  entry: Entry,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // errors of a provider have fields that a copy would not have
    if (!(error instanceof UserError) || error instanceof ProviderError) throw error;
    const line = spec.isUnsaved ? undefined : await lineOf(ports, spec.path, entry);
    if (line === undefined) throw error;
    const { code, message, connectionFailure, hint, suggestions, action } = error;
    const begin = `${entry.keys[0]}: `;
    const what = message.startsWith(begin) ? message : begin + message;
    throw new UserError(`${relativeTo(ports.folder, spec.path)}:${line}: ${what}`, {
      ...{ code, connectionFailure, suggestions, action, cause: error },
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

/** Undefined if the file does not have the entry, or cannot be read any more. */
async function lineOf({ files, folder }: Pick<EvalPorts, 'folder' | 'files'>, file: string, entry: Entry) {
  const limits = { maxBytes: LONGEST_YAML, ...(folder !== undefined && { within: [folder] }) };
  const text = await files.readText(file, limits).catch(() => undefined);
  const range = text === undefined ? undefined : readYaml(text, file, '').rangeOf(entry.keys);
  if (text === undefined || !range || !text.slice(range.start, range.end).includes(entry.written)) return undefined;
  return positionAt(text, range.start).line;
}
