import * as vscode from 'vscode';
import { registerCompletion } from './providers/completion-provider.ts';
import { registerEmptyPromptHint } from './providers/empty-prompt-hint.ts';
import { registerFormatter } from './providers/format-provider.ts';
import { registerHover } from './providers/hover-provider.ts';
import { registerIndentBelowKeys } from './providers/indent-below-keys.ts';
import { registerInlayHints } from './providers/inlay-hints.ts';
import type { LanguageContext } from './providers/language-context.ts';
import { registerLinks } from './providers/link-providers.ts';
import { registerPromptActions } from './providers/prompt-actions.ts';
import { registerReferences } from './providers/reference-providers.ts';
import { registerSemanticTokens } from './providers/semantic-tokens.ts';
import { registerStructure } from './providers/structure-providers.ts';

/** The language features for prompts. Core is loaded by the first request. */
export function registerLanguageFeatures(context: LanguageContext): vscode.Disposable {
  return vscode.Disposable.from(
    registerCompletion(context),
    registerEmptyPromptHint(),
    registerHover(context),
    registerFormatter(context),
    registerIndentBelowKeys(context.log),
    registerPromptActions(context),
    registerStructure(context),
    registerReferences(context),
    registerLinks(context),
    registerSemanticTokens(context),
    registerInlayHints(context),
  );
}
