import { stringify } from 'yaml';
import type { Draft, DraftMessage, InputDetails } from './draft.ts';
import { exactTemplate } from './template/exact-template.ts';
import { endsBlank, mergeTexts, type Piece, startsBlank } from './template/pieces.ts';

/** Additional keys for the front matter besides those of the draft. */
interface OwnKeys {
  /** The path of a dataset next to the prompt. */
  dataset?: string | undefined;
}

/** The text of a `.prompt` file. */
export function writeDraft(draft: Draft, own: OwnKeys = {}): string {
  const head = frontMatter(draft, own);
  const body = exactTemplate(templatePieces(draft.messages));
  if (Object.keys(head).length === 0) return `---\nname: ${JSON.stringify(draft.name)}\n---\n${body}\n`;
  const yaml = stringify(head, { lineWidth: 0, flowCollectionPadding: false });
  return `---\n${yaml}---\n${body}\n`;
}

function frontMatter(draft: Draft, { dataset }: OwnKeys): Record<string, unknown> {
  const { description, model, models, config, inputs, output, toolDefs, media } = draft;
  const defaults = [...inputs].filter(([, details]) => details.default !== undefined);
  const input = {
    ...(inputs.size > 0 ? { schema: Object.fromEntries([...inputs].map(schemaEntry)) } : {}),
    ...(defaults.length > 0
      ? { default: Object.fromEntries(defaults.map(([name, details]) => [name, details.default])) }
      : {}),
  };
  return {
    ...(description ? { description } : {}),
    ...(model ? { model } : {}),
    ...(config && Object.keys(config).length > 0 ? { config } : {}),
    ...(Object.keys(input).length > 0 ? { input } : {}),
    ...(output ? { output } : {}),
    ...(toolDefs?.length ? { toolDefs } : {}),
    ...(models && models.length > 1 ? { 'llmops.models': models } : {}),
    ...(media?.length ? { 'llmops.media': media } : {}),
    ...(dataset ? { 'llmops.dataset': dataset } : {}),
  };
}

/** One line of Picoschema: `plan(enum, the plan): [a, b]`, `items?(array): string`, `question: string, what is asked`. */
export function schemaEntry([name, details]: [string, InputDetails]): [string, unknown] {
  const { array, optional, type } = details;
  const description = details.description?.trim().replace(/\s+/g, ' ');
  const key = `${name}${optional ? '?' : ''}`;
  const kind = array ? 'array' : Array.isArray(type) ? 'enum' : typeof type === 'object' ? 'object' : undefined;
  // In a key, a parenthesis would end Picoschema's description.
  if (kind) return [`${key}(${kind}${description ? `, ${description.replace(/[()]/g, '')}` : ''})`, type ?? 'any'];
  // An input without a type in the source may be anything: a narrower type would reject values that worked there.
  return [key, `${typeof type === 'string' ? type : 'any'}${description ? `, ${description}` : ''}`];
}

/** A single user text needs no marker; everything else gets its role. */
function templatePieces(messages: readonly DraftMessage[]): Piece[] {
  const whole = messages.map((message) => ({ ...message, content: mergeTexts(message.content) }));
  const pieces: Piece[] = [];
  const line: Piece = { text: '', raw: '\n' };
  const [first] = whole;
  const isPlain = whole.length === 1 && first?.role === 'user' && !first.history && !startsBlank(first.content);
  for (const [index, { role, content, history }] of whole.entries()) {
    const last = whole[index - 1];
    const joins = last !== undefined && (last.history || !endsBlank(last.content));
    if (joins) pieces.push(line);
    const left = joins ? '~' : '';
    if (history) pieces.push({ code: `{{${left}history}}` });
    else {
      const right = startsBlank(content) ? '' : '~';
      if (!isPlain) pieces.push({ code: `{{${left}role "${role}"${right}}}` });
      if (!isPlain && right) pieces.push(line);
      for (const piece of content) pieces.push(piece);
    }
  }
  const end = whole.at(-1);
  // The file's own final whitespace is not part of the template.
  if (end && !end.history && endsBlank(end.content)) pieces.push({ code: '{{! Keeps the whitespace at the end. }}' });
  return pieces;
}
