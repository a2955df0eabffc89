import type { Prompt } from './prompt.ts';

interface ResolvedModel {
  /** `connection/model`. */
  ref: string;
  from: 'file' | 'setting' | 'default';
}

/** The model that a prompt runs on: the file's own, otherwise the user's setting, otherwise the built-in one. */
export function resolveModel(choices: {
  file: string | undefined;
  settingDefault: string | undefined;
  fallback: string;
}): ResolvedModel {
  const { file, settingDefault, fallback } = choices;
  if (file?.trim()) return { ref: file.trim(), from: 'file' };
  if (settingDefault?.trim()) return { ref: settingDefault.trim(), from: 'setting' };
  return { ref: fallback, from: 'default' };
}

/** The models for comparing in the file's `llmops.models`; each once, in order. */
export function promptModels(prompt: Pick<Prompt, 'ext'>): string[] {
  const models: unknown = prompt.ext.llmops?.models;
  const list = typeof models === 'string' ? [models] : Array.isArray(models) ? models : [];
  return [...new Set(list.filter((model): model is string => typeof model === 'string' && model.trim() !== ''))];
}
