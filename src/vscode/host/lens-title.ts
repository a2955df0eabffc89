/**
 * The title of a lens with an icon. VS Code lays its parts out side by side and drops a space between them; one that does
 * not break stays.
 */
export function lensTitle(icon: string, text: string): string {
  return `$(${icon})\u00a0${text}`;
}
