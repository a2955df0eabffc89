/** Describes a server that responds with a page for people. */
export const WEB_PAGE = 'sent a web page instead of an answer.';

/** Judged by its beginning, since servers of any kind label what they send `text/html`. */
export function isWebPage(text: string): boolean {
  return /^\s*<(?:!doctype|!--|html|head|body|title|meta|script|\?xml)/i.test(text);
}
