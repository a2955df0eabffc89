import { Document, isCollection, isMap, type Node, visit, type YAMLMap, type YAMLSeq } from 'yaml';

/** What a new evaluation file says, by the keys of the file; what is undefined is left out. */
export interface EvalDraft {
  name?: string | undefined;
  prompts?: readonly string[] | undefined;
  models?: readonly (string | { model: string; config: Record<string, unknown> })[] | undefined;
  dataset?: string | undefined;
  rows?: readonly Record<string, unknown>[] | undefined;
  columns?: Record<string, unknown> | undefined;
  metrics?: readonly (string | Record<string, unknown>)[] | undefined;
  baseline?: string | undefined;
  repeats?: number | undefined;
  gates?: readonly Record<string, unknown>[] | undefined;
}

const WIDTH = 100;

/** The text of a new evaluation file, in the order of the documentation and with short lists on one line. */
export function writeEvalFile(draft: EvalDraft): string {
  const { name, prompts, models, dataset, rows, columns, metrics, baseline, repeats, gates } = draft;
  const ordered = { name, prompts, models, dataset, rows, columns, metrics, baseline, repeats, gates };
  const given = Object.entries(ordered).filter(([, value]) => value !== undefined);
  const document = new Document(Object.fromEntries(given));
  if (isMap(document.contents))
    for (const { key, value } of document.contents.items) shorten(value, String(key).length);
  visit(document, { Map: (_key, node) => pad(node, ' '), Seq: (_key, node) => pad(node, '') });
  return document.toString({ lineWidth: 0 });
}

/** `[a, b]` and `{ a: 1 }`, as in the documentation: the library has one padding for both. */
function pad(node: YAMLMap | YAMLSeq, flowCollectionPadding: string): void {
  const write: YAMLMap['toString'] = node.toString.bind(node);
  node.toString = (context, ...rest) => write(context && { ...context, flowCollectionPadding }, ...rest);
}

/** Metrics and gates are one a line; other collections are on the line of their key if they fit. */
function shorten(value: unknown, before: number): void {
  if (!isCollection(value)) return;
  const length = before + JSON.stringify(value).length;
  const isFlat = value.items.every((item) => !isCollection(item));
  if (isFlat && length <= WIDTH) value.flow = true;
  else for (const item of value.items) shortenItem(item as Node);
}

function shortenItem(item: Node): void {
  if (isCollection(item) && JSON.stringify(item).length <= WIDTH) item.flow = true;
}
