/**
 * A hint's text whose numbers stay on one line. The editor breaks lines after every `.` and `,`, with or without a word
 * joiner, and replaces a hint's spaces with its own; only another character that looks the same keeps a number
 * together.
 */
export function unbrokenNumbers(text: string): string {
  return text.replace(/(?<=\d)[.,](?=\d)/g, (mark) => (mark === '.' ? ONE_DOT_LEADER : LOW_QUOTE));
}

const ONE_DOT_LEADER = '\u2024';
const LOW_QUOTE = '\u201a';
