export { launchBrowser } from './browser.mjs';

export interface Server {
  port: number;
  pid: number;
  readyMs: number;
  log(): string;
  stop(): Promise<void>;
}

export type Settings = Record<string, unknown>;

export const root: string;
export const quietSettings: Settings;
export const themes: Record<'light' | 'dark' | 'high-contrast' | 'high-contrast-light', string>;
export function scratch(settings?: Settings): string;
export function removeScratch(dir: string): void;
export function writeSettings(dir: string, settings: Settings): void;
export function installVsix(dir: string, vsix: string): Promise<void>;
export function linkExtension(dir: string, folder?: string): void;
export function startServer(
  dir: string,
  options?: { driver?: boolean; trust?: boolean; env?: Record<string, string>; port?: number; graceSeconds?: number },
): Promise<Server>;
export function folderUrl(port: number, folder: string): string;
export function workbenchUrl(port: number, options?: { folder?: string; payload?: Record<string, string> }): string;
