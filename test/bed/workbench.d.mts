import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import type { Server, Settings } from './vscode-host.mjs';

export interface BedOptions {
  /** A package to install instead of linking the built source folder. */
  vsix?: string;
  /** False for a VS Code without this extension. */
  extension?: boolean;
  /** Folders of further extensions, installed beside it. */
  others?: string[];
  settings?: Settings;
  /** Leaves workspace trust to the settings, so that a window can be untrusted. */
  trust?: boolean;
  /** Reaches the extension host. */
  env?: Record<string, string>;
  browser?: Browser;
}

export interface WindowOptions {
  /** A folder; a copy of it is opened unless `copy` is false. */
  workspace?: string;
  copy?: boolean;
  /** Written into the copy before it is opened, by their paths within it. */
  files?: Record<string, string>;
  /** A `.code-workspace` file of the copy, whose folders are opened instead. */
  workspaceFile?: string;
  theme?: 'light' | 'dark' | 'high-contrast' | 'high-contrast-light' | (string & {});
  settings?: Settings;
  size?: { width: number; height: number };
  /** A text on the screen to wait for. */
  readyText?: string;
}

export interface WorkbenchWindow {
  page: Page;
  /** The opened folder (the copy). */
  workspace: string | undefined;
  command(title: string): Promise<void>;
  openFile(relativePath: string): Promise<void>;
  /** Reloads the window by VS Code's own command. */
  reload(): Promise<void>;
  webview(): FrameLocator;
  toast(text: string | RegExp): Locator;
  /** Waits until no view of the side bar shows progress: rows that are read again lose their menu. */
  viewsAreLoaded(): Promise<void>;
  close(): Promise<void>;
}

/** After this many seconds without a connection the extension host of a window ends. */
export const GRACE_SECONDS: number;

/** Sets the text of an input in one step. */
export function setValue(input: Locator, text: string): Promise<void>;

/** Drives a window that a page has opened. */
export function createWindow(page: Page, workspace?: string): WorkbenchWindow;

export interface Bed extends AsyncDisposable {
  dir: string;
  port: number;
  browser: Browser;
  openWindow(options?: WindowOptions): Promise<WorkbenchWindow>;
  close(): Promise<void>;
}

export function connectBed(running: { dir: string; port: number; browser: Browser; settings?: Settings }): Bed;
export function openBed(options?: BedOptions): Promise<Bed & { server: Server }>;
export function openWorkbench(
  options?: BedOptions & WindowOptions,
): Promise<WorkbenchWindow & AsyncDisposable & { bed: Bed }>;
