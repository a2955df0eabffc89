/** `prompts/churn-analysis.prompt` as `churn-analysis`: its folder is in the hover. */
export function promptName(label: string): string {
  return label.slice(label.lastIndexOf('/') + 1).replace(/\.prompt$/, '');
}
