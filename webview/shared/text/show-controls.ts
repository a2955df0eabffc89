/**
 * Replaces control characters by their symbols (␀, ␛), so that they are visible and have no effect. Tabs and line
 * breaks are kept. The C1 range has no symbols and becomes the replacement character.
 */
export function showControls(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f]/g, (char) => String.fromCharCode(0x2400 + char.charCodeAt(0)))
    .replace(/\u007f/g, '\u2421')
    .replace(/[\u0080-\u009f]/g, '\ufffd');
}
