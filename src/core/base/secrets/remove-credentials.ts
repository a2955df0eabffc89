/** `https://user:token@host/…` without the part before the host. */
export function removeCredentials(text: string): string {
  return text.replace(/\b([a-z][\w+.-]*:\/\/)[^\s/@]+@/gi, '$1');
}
