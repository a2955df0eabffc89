import type * as vscode from 'vscode';
import type { SecretStore } from '../../core/base/ports.ts';

export function createSecretStore(secrets: vscode.SecretStorage): SecretStore {
  return {
    get: async (name) => secrets.get(name),
    set: async (name, value) => secrets.store(name, value),
    delete: async (name) => secrets.delete(name),
  };
}
