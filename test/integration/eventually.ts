import { vi } from 'vitest';

/** Resolves once `check` no longer throws; the limit is not a measure of speed. */
export const eventually = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 30_000 });
