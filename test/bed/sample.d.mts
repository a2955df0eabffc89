/** Resolves to what went wrong, if anything. */
export function createSampleWorkspace(workspace: string): Promise<string | undefined>;
