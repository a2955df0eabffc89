import type { Workbench } from '../../src/core/workbench.ts';

/** The product's core on the sample's folder, as a window of VS Code has it. `env` is what git sees. */
export function openSample(workspace: string, env: Record<string, string>): Workbench;
