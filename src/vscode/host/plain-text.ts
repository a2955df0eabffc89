// VS Code interprets some text, such as links and icons. Text from a server, a file or a model is passed through one of
// these functions first.

const MAX_MESSAGE_LENGTH = 1200;

/** For notifications, which render `[text](command:…)` as a link that runs the command. */
export function plainMessage(text: string): string {
  const cut = text.length > MAX_MESSAGE_LENGTH ? `${text.slice(0, MAX_MESSAGE_LENGTH)}…` : text;
  return withoutControls(cut).replace(/\](?=\()/g, '] ');
}

/** For the details of a dialog: each text is one line, and cannot begin another one. */
export function plainLines(texts: readonly string[]): string {
  return texts.map(plainMessage).join('\n');
}

/**
 * For labels, which render `$(name)` as an icon. Foreign text must not be able to imitate the icons of this extension.
 */
export function plainLabel(text: string): string {
  return withoutControls(text).replace(/\$(?=\()/g, '$\u200b');
}

/** For hovers, which would load remote images and follow links. */
export function plainMarkdown(text: string): string {
  return withoutControls(text).replace(/[\\`*_{}[\]()#+\-.!<>|~&]/g, '\\$&');
}

/** For hovers: text as inline code that no backtick can end. */
export function markdownCode(text: string): string {
  return `\`${withoutControls(text).replaceAll('`', 'ˋ')}\``;
}

/** Removes line breaks, escape sequences, and marks that change the direction of the text after them. */
function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]+/gu, ' ');
}
