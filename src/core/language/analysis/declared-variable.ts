import type { Range } from '../../prompts/prompt.ts';

/** A variable as declared in the front matter. */
export interface DeclaredVariable {
  name: string;
  /** The name alone, without `?` and parentheses; for a field of a schema file, where the prompt names that file. */
  range: Range;
  /** The declaration; a variable with only a default value has no type. */
  from: 'schema' | 'default' | 'file';
  /** The named schema that declares it or is its type. */
  file: string | undefined;
  /** `string`, `array of string`, `one of a, b`; undefined if the file does not say. */
  type: string | undefined;
  description: string | undefined;
  optional: boolean;
  /** The default value as written in the file. */
  defaultText: string | undefined;
  /** The fields of a map, or of a list's elements. */
  fields: readonly DeclaredVariable[];
  /** It has no other fields than these. */
  closed: boolean;
  /** Listed in JSON Schema's `required`. */
  requiredRange: Range | undefined;
}
