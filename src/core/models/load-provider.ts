import type { ConnectionType } from './chat-model.ts';
import type { CreateProvider } from './connection.ts';

/** Imports one provider's file, and with it its SDK, when a connection of that type is first used. */
export async function loadProvider(type: Exclude<ConnectionType, 'vscode'>): Promise<CreateProvider> {
  switch (type) {
    case 'openai':
      return (await import('./openai/openai.ts')).createOpenAiProvider;
    case 'anthropic':
      return (await import('./anthropic/anthropic.ts')).createAnthropicProvider;
    case 'googleai':
      return (await import('./openai/googleai.ts')).createGoogleAiProvider;
    case 'azure-openai':
      return (await import('./openai/azure-openai.ts')).createAzureOpenAiProvider;
    case 'openai-compatible':
      return (await import('./openai/openai-compatible.ts')).createOpenAiCompatibleProvider;
    case 'vertexai':
      return (await import('./vertexai/vertexai.ts')).createVertexAiProvider;
    case 'demo':
      return (await import('./demo/demo.ts')).createDemoProvider;
  }
}
