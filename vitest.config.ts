import { defineConfig } from 'vitest/config';

/** One project a suite, so that `vitest run --project unit` and `vitest run test/unit/x.test.ts` both work. */
const project = (name: string, include: string[], options: object = {}) => ({
  test: { name, include, environment: 'node' as const, ...options },
});

/**
 * V8 as of Node 24 ends a process now and then ("Check failed: jit_page.has_value()") where it protects compiled code
 * with keys of the processor, and worker threads come and go.
 */
const withoutCodeKeys = ['--no-memory-protection-keys'];

/** Processes, servers and disks can be many times slower on a busy machine: no limit here is a measure of speed. */
const patient = {
  execArgv: withoutCodeKeys,
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 30_000 } },
};

export default defineConfig({
  // the panels' tests import their JSX
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    projects: [
      // property tests draw from one seed, so that CI repeats what a developer saw
      project('unit', ['test/unit/**/*.test.{ts,tsx}'], {
        setupFiles: 'test/unit/seed.ts',
        // what a unit test imports has no state that another could change: each module is loaded once, not once a file
        isolate: false,
        pool: 'threads',
        testTimeout: 30_000,
      }),
      // git, worker threads, SQLite and files: what a unit test does without
      project('integration', ['test/integration/**/*.test.ts'], {
        setupFiles: 'test/unit/seed.ts',
        ...patient,
      }),
      project('contract', ['test/contract/**/*.test.ts'], patient),
      project('cli', ['test/cli/**/*.test.ts'], patient),
      // a server and a browser for each of two workers: a window waits more than it computes
      project('ui', ['test/ui/**/*.test.ts'], {
        exclude: ['test/ui/packaged.test.ts'],
        globalSetup: 'test/ui/global-setup.ts',
        maxWorkers: 2,
        ...patient,
      }),
      project('vsix', ['test/ui/packaged.test.ts'], { ...patient, testTimeout: 180_000, hookTimeout: 180_000 }),
    ],
  },
});
