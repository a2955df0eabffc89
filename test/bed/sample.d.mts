/** What an entry of the sample's history saves of a prompt. */
interface SampleSave {
  label?: string;
  why?: string;
}

export interface SampleEntry {
  /** With the zone that it was made in. */
  date: string;
  author: string;
  message: string;
  files?: Record<string, string | null>;
  save?: Record<string, SampleSave>;
}

/** Resolves to what went wrong, if anything. */
export function createSampleWorkspace(workspace: string): Promise<string | undefined>;
export function readSampleHistory(): SampleEntry[];
/** Bytes by path. */
export function sampleFiles(entry: SampleEntry): Map<string, Uint8Array>;
/** What git sees. */
export function sampleEnvironment(home: string): Record<string, string>;
