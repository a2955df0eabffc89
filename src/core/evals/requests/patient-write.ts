import { sleep } from '../../base/abort.ts';
import { type ErrorInfo, toErrorInfo } from '../../base/errors.ts';

export interface WritePatience {
  /** The database cannot be written: it is tried again. */
  onTrouble(error: ErrorInfo): void;
  onRecovered(): void;
  /** How long it is tried; undefined: until it works. */
  patienceMs: number | undefined;
  /** Ends the waiting, with AbortError. */
  signal?: AbortSignal | undefined;
}

const RETRY_MS = 1_000;

/** Writes to the database, again and again while it is locked or the disk is full. Rejects once that has lasted too long. */
export async function patientWrite<T>(
  write: () => Promise<T>,
  { onTrouble, onRecovered, patienceMs = Number.POSITIVE_INFINITY, signal }: WritePatience,
): Promise<T> {
  for (let since: number | undefined; ; ) {
    try {
      const written = await write();
      if (since !== undefined) onRecovered();
      return written;
    } catch (error) {
      const info = toErrorInfo(error);
      if (since === undefined) onTrouble(info);
      since ??= performance.now();
      if (info.code !== 'store' || performance.now() - since > patienceMs) throw error;
      await sleep(RETRY_MS, signal);
    }
  }
}
