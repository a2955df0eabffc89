/** The content of a text that is one Markdown code fence; any other text unchanged. Models often write code so. */
export function withoutFence(text: string): string {
  const fence = /^\s*(`{3,}|~{3,})[^\n`]*\n([\s\S]*?)\n?[ \t]*\1\s*$/.exec(text);
  return fence?.[2] ?? text;
}
