import type { Range } from '../../prompts/prompt.ts';

/** A variable as the front matter declares it. */
export interface DeclaredVariable {
  name: string;
  /** The name alone, without `?` and parentheses; of a field that a schema's file declares, where the prompt names that file. */
  range: Range;
  /** Where it is declared; one that has only a default has no type. */
  from: 'schema' | 'default' | 'file';
  /** The named schema that declares it or is its type. */
  file: string | undefined;
  /** `string`, `array of string`, `one of a, b`; undefined where the file does not say. */
  type: string | undefined;
  description: string | undefined;
  optional: boolean;
  /** The default as the file writes it. */
  defaultText: string | undefined;
  /** The fields of a map, or of a list's elements. */
  fields: readonly DeclaredVariable[];
  /** It has no other fields than these. */
  closed: boolean;
  /** Where JSON Schema's `required` names it. */
  requiredRange: Range | undefined;
}
