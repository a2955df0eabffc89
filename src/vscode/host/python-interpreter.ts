import * as vscode from 'vscode';

/** The part of the Python extension's API that is used here: see `@vscode/python-extension`. */
interface PythonApi {
  readonly environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    resolveEnvironment(environment: {
      path: string;
    }): Promise<{ executable: { uri: vscode.Uri | undefined } } | undefined>;
  };
}

/**
 * Absolute path of the interpreter that the user has selected for a folder. Undefined without the Python extension, or if
 * it does not know; then the environment decides.
 */
export async function selectedPython(folder: vscode.Uri | undefined): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<PythonApi>('ms-python.python');
  if (!extension) return undefined;
  const { environments } = (await extension.activate()) ?? {};
  if (!environments) return undefined;
  const found = await environments.resolveEnvironment(environments.getActiveEnvironmentPath(folder));
  return found?.executable.uri?.fsPath;
}
