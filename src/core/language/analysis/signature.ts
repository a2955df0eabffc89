import { openTagAt } from '../syntax/open-tag.ts';
import type { AnalyzedPrompt } from '../syntax/tree.ts';
import { findHelper, helperSignature } from './vocabulary.ts';

export interface Signature {
  label: string;
  doc: string;
  parameters: { label: string; doc: string }[];
  /** The parameter at the cursor. */
  active: number;
}

/** The signature of the helper around an offset, and the argument at the offset. */
export function signatureAt({ tree }: AnalyzedPrompt, offset: number): Signature | undefined {
  const tag = openTagAt(tree.source, tree.template.range.start, offset);
  const helper = tag?.head === undefined ? undefined : findHelper(tag.head);
  if (!tag || !helper || tag.sigil === '/' || helper.parameters.length === 0) return undefined;
  const { label, parts } = helperSignature(helper);
  const written = tag.words.slice(1).filter((word) => !/=?["']$/.test(word) || /^["'].+["']$/.test(word));
  const named = tag.quoted?.name ?? /^([\w-]+)=$/.exec(tag.words.at(-1) ?? '')?.[1];
  const byName = helper.parameters.findIndex((parameter) => parameter.named && parameter.name === named);
  const active = byName >= 0 ? byName : Math.min(written.length, helper.parameters.length - 1);
  return {
    label,
    doc: `${helper.doc}\n\n${helper.example}`,
    parameters: helper.parameters.map(({ doc }, index) => ({ label: parts[index] ?? '', doc })),
    active,
  };
}
