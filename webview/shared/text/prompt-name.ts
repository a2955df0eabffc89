/** The name of `prompts/churn-analysis.prompt` is `churn-analysis`. The tooltip has the path. */
export function promptName(label: string): string {
  return label.slice(label.lastIndexOf('/') + 1).replace(/\.prompt$/, '');
}
