/** The name of `prompts/churn-analysis.prompt` in titles and lists: `churn-analysis`. */
export function promptName(path: string): string {
  return path.slice(path.search(/[^\\/]*$/)).replace(/\.prompt$/, '');
}
