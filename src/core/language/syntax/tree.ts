import type { Range } from '../../prompts/prompt.ts';

/**
 * The syntax tree of a whole `.prompt` file. Ranges are offsets into the file; every character of the template belongs
 * to exactly one statement, so that printing the statements restores the template. There is always a tree: text that
 * could not be parsed is an ErrorNode, and the text after it is parsed normally.
 */
export interface SyntaxTree {
  source: string;
  frontMatter: FrontMatterNode | undefined;
  template: { range: Range; body: Statement[] };
}

export interface FrontMatterNode {
  /** Comments and blank lines before the opening fence: a license, a shebang. */
  header: Range | undefined;
  /** The YAML between the fences. */
  range: Range;
  /** Both fences with their line ends. */
  fences: [open: Range, close: Range | undefined];
  root: YamlMap;
}

export interface YamlMap {
  kind: 'map';
  range: Range;
  entries: YamlEntry[];
  /** `{a: 1}` instead of lines. */
  flow: boolean;
}

export interface YamlEntry {
  key: string;
  keyRange: Range;
  value: YamlValue | undefined;
  /** Key and value. */
  range: Range;
}

export type YamlValue =
  | YamlMap
  | { kind: 'seq'; range: Range; items: YamlValue[]; flow: boolean }
  | { kind: 'scalar'; range: Range; value: string | number | boolean | null; quoted: boolean };

export type Statement = TextNode | CommentNode | MustacheNode | BlockNode | PartialNode | ErrorNode;

interface TextNode {
  kind: 'text';
  range: Range;
}

interface CommentNode {
  kind: 'comment';
  range: Range;
}

/** `{{name}}`, `{{helper a b=c}}`, `{{{raw}}}`; role, history, section and media markers are mustaches too. */
export interface MustacheNode {
  kind: 'mustache';
  range: Range;
  call: Call;
}

export interface BlockNode {
  kind: 'block';
  /** From the opening tag to the end of the closing one. */
  range: Range;
  openRange: Range;
  call: Call;
  /** Names after `as |a b|`. */
  blockParams: { name: string; range: Range }[];
  /** `{{^x}}` and `{{#x}}…{{else}}…`. */
  inverted: boolean;
  body: Statement[];
  /** The content after `{{else}}`; a chained `{{else if x}}` is a BlockNode alone in `body`, without a closing tag. */
  inverse: { range: Range; tagRange: Range; body: Statement[] } | undefined;
  /** Undefined if the block is never closed. */
  close: { range: Range; nameRange: Range; name: string } | undefined;
}

/** `{{> name context key=value}}`; `body` belongs to `{{#> name}}…{{/name}}`. */
export interface PartialNode {
  kind: 'partial';
  range: Range;
  /** Undefined for a dynamic name, `{{> (lookup . "x")}}`. */
  name: string | undefined;
  nameRange: Range;
  params: Expression[];
  hash: HashPair[];
  body: Statement[] | undefined;
}

interface ErrorNode {
  kind: 'error';
  range: Range;
  message: string;
}

export interface Call {
  range: Range;
  path: Expression;
  params: Expression[];
  hash: HashPair[];
}

export interface HashPair {
  key: string;
  keyRange: Range;
  value: Expression;
  range: Range;
}

export type Expression =
  | PathExpression
  | { kind: 'literal'; range: Range; value: string | number | boolean | null | undefined }
  | { kind: 'call'; range: Range; call: Call };

/** `a.b`, `../a`, `this`, `@index`, `@root.a`. */
export interface PathExpression {
  kind: 'path';
  range: Range;
  /** `@` before the first segment. */
  data: boolean;
  /** The number of leading `../`. */
  depth: number;
  segments: { text: string; range: Range }[];
}

/** The target of a path in the template. */
export interface Reference {
  /** The first segment: the variable's own name. */
  name: string;
  range: Range;
  /** The whole path. */
  pathRange: Range;
  /** Property names after the first segment. */
  rest: string[];
  kind:
    | 'input'
    /** A block parameter, or a property of the element of `#each`/`#with`. */
    | 'block-param'
    | 'element'
    /** `@index`, `@key`, `@first`, `@last`, `@root`. */
    | 'loop-data'
    /** Any other `@` variable. */
    | 'context'
    | 'helper';
  /** Its declaration in this file: the schema's key or default value, or the block parameter. */
  declaration: Range | undefined;
}

/** The text of one message: from a role marker (or the template's start) to the next. */
export interface RoleSegment {
  role: string;
  range: Range;
  /** Undefined for the text before the first marker, which is the user's. */
  markerRange: Range | undefined;
}

/** Everything that the language features need about one file, computed once for one text. */
export interface AnalyzedPrompt {
  tree: SyntaxTree;
  references: Reference[];
  roles: RoleSegment[];
}

/** What a file's features need from the rest of the workspace; answers are cached by the implementation. */
export interface LanguageWorkspace {
  /** The partial for a prompt's `{{> name}}`, or undefined. Synchronous: files are indexed beforehand. */
  partial(name: string, from: string | undefined): { path: string; source: string } | undefined;
  /** Why the file for the name may not be read. */
  partialRefusal?(name: string, from: string | undefined): string | undefined;
  partialNames(from: string | undefined): string[];
  /** The schema for a prompt's type `name`, compiled; a text explains why it cannot be. */
  schema(name: string, from: string | undefined): Record<string, unknown> | string | undefined;
  schemaPath(name: string, from: string | undefined): string | undefined;
  schemaNames(from: string | undefined): string[];
  /** The prompts that call a partial, directly or through another. */
  dependents(path: string): string[];
  /** `connection/model` of every known model, with what is known about it; empty until lists have been fetched. */
  models(): LanguageModelInfo[];
  connections(): { id: string; type: string }[];
}

export interface LanguageModelInfo {
  ref: string;
  label: string;
  type: string;
  /** A demo model: nobody pays its prices. */
  simulated?: boolean | undefined;
  contextWindow: number | undefined;
  maxOutputTokens: number | undefined;
  inputUsdPerMillion: number | undefined;
  outputUsdPerMillion: number | undefined;
  /** The source of the prices, with their date. */
  priceSource?: string | undefined;
  sunsetDate: string | undefined;
  /** Why it cannot be run now, in a word or two: `no key`. */
  unready?: string | undefined;
}
