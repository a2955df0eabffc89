import type { Range } from '../../prompts/prompt.ts';

/**
 * The syntax tree of a whole `.prompt` file. Ranges are offsets into the file; every character of the template belongs
 * to exactly one statement, so that printing the statements gives the template back. There is always a tree: what
 * could not be read is an ErrorNode, and what follows it is read as if it had been right.
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
  /** `{a: 1}` rather than lines. */
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

export interface TextNode {
  kind: 'text';
  range: Range;
}

export interface CommentNode {
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
  /** What follows `{{else}}`; a chained `{{else if x}}` is a BlockNode of its own, alone in `body`, without a close. */
  inverse: { range: Range; tagRange: Range; body: Statement[] } | undefined;
  /** Undefined where the block is never closed. */
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

export interface ErrorNode {
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
  /** How many `../` stand before. */
  depth: number;
  segments: { text: string; range: Range }[];
}

/** What a path in the template refers to. */
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
  /** Where it is declared in this file: the schema's key or default, or the block parameter. */
  declaration: Range | undefined;
}

/** The text of one message: from a role marker (or the template's start) to the next. */
export interface RoleSegment {
  role: string;
  range: Range;
  /** Undefined for the text before the first marker, which is the user's. */
  markerRange: Range | undefined;
}

/** Everything that the language features ask of one file, made once for one text. */
export interface AnalyzedPrompt {
  tree: SyntaxTree;
  references: Reference[];
  roles: RoleSegment[];
}

/** What a file's features may ask of the rest of the workspace; answers are cached by whoever gives them. */
export interface LanguageWorkspace {
  /** The partial that a prompt's `{{> name}}` means, or undefined. Synchronous: files are indexed beforehand. */
  partial(name: string, from: string | undefined): { path: string; source: string } | undefined;
  /** Why the file that the name means may not be read. */
  partialRefusal?(name: string, from: string | undefined): string | undefined;
  partialNames(from: string | undefined): string[];
  /** The schema that a prompt's type `name` means, compiled; a text says why it cannot be. */
  schema(name: string, from: string | undefined): Record<string, unknown> | string | undefined;
  schemaPath(name: string, from: string | undefined): string | undefined;
  schemaNames(from: string | undefined): string[];
  /** The prompts that call a partial, also by way of another. */
  dependents(path: string): string[];
  /** `connection/model` of every known model, with what is known of it; empty until lists have been fetched. */
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
  /** Where the prices are from, with their day. */
  priceSource?: string | undefined;
  sunsetDate: string | undefined;
  /** Why it cannot be run now, in a word or two: `no key`. */
  unready?: string | undefined;
}
