// VS Code gives some texts a meaning of their own. What a server, a file or a model wrote goes through one of these first.

const LONGEST_MESSAGE = 1200;

/** For notifications, which turn `[text](command:…)` into a link that runs the command at a click. */
export function plainMessage(text: string): string {
  const cut = text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;
  return withoutControls(cut).replace(/\](?=\()/g, '] ');
}

/** For labels, which draw `$(name)` as an icon: one could claim what only this extension's own icons say. */
export function plainLabel(text: string): string {
  return withoutControls(text).replace(/\$(?=\()/g, '$\u200b');
}

/** For hovers, which would load images of strangers' servers and follow links. */
export function plainMarkdown(text: string): string {
  return withoutControls(text).replace(/[\\`*_{}[\]()#+\-.!<>|~&]/g, '\\$&');
}

/** For hovers: text as code, out of which no backtick leads. */
export function markdownCode(text: string): string {
  return `\`${withoutControls(text).replaceAll('`', 'ˋ')}\``;
}

/** Line ends, escape sequences, and marks that turn the direction of what follows. */
function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]+/gu, ' ');
}
