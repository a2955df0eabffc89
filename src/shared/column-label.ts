/** The parts of an evaluation's column that name it. */
interface NamedColumn {
  prompt: string | undefined;
  version: { label: string } | undefined;
  model: string | undefined;
}

/** `churn@production · demo/swift`, `my-app`, or `answers of the dataset`. */
export function columnLabel({ prompt, version, model }: NamedColumn): string {
  if (prompt === undefined) return model ?? 'answers of the dataset';
  const name = version ? `${prompt}@${version.label}` : prompt;
  return model === undefined ? name : `${name} · ${model}`;
}
