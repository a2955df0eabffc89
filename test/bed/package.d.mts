export function packageExtension(out?: string): Promise<string>;
