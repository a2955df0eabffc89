/** The basis of an estimate for a prompt that nobody has filled in. */
export type FilledWith =
  | 'defaults'
  /** `{{name}}` for inputs without a default. */
  | 'names'
  /** The text of the template, for three reasons. */
  | 'template'
  | 'untrusted'
  | 'large'
  /** Nothing: its default values produce more than is rendered automatically. */
  | 'too-much';

/** A phrase that follows "the input of a run". */
export function describeFilling(filledWith: FilledWith): string {
  switch (filledWith) {
    case 'defaults':
      return 'with the defaults of its inputs';
    case 'names':
      return 'with placeholders for inputs without a default, whose values are not counted';
    case 'template':
      return 'as written, since it cannot be rendered';
    case 'untrusted':
      return 'as written, since this workspace is not trusted';
    case 'large':
      return 'as written, since the file is large';
    case 'too-much':
      return 'with its defaults it renders too much to do so while you type';
  }
}
