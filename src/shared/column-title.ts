/** What answers in a column of an evaluation; all undefined if the dataset has the answers. */
interface TitledColumn {
  prompt?: string | undefined;
  version?: { label: string } | undefined;
  model?: string | undefined;
}

/** `churn-analysis@production · demo/swift` */
export function columnTitle({ prompt, version, model }: TitledColumn): string {
  const name = prompt !== undefined && version ? `${prompt}@${version.label}` : prompt;
  return [name, model].filter((part) => part !== undefined).join(' · ') || 'answers of the dataset';
}
