import * as vscode from 'vscode';
import { registerCompletion } from './completion-provider.ts';
import { registerEmptyPromptHint } from './empty-prompt-hint.ts';
import { registerFormatter } from './format-provider.ts';
import { registerHover } from './hover-provider.ts';
import { registerIndentBelowKeys } from './indent-below-keys.ts';
import type { LanguageContext } from './language-context.ts';
import { registerLinks } from './link-providers.ts';
import { registerPromptActions } from './prompt-actions.ts';
import { registerReferences } from './reference-providers.ts';
import { registerStructure } from './structure-providers.ts';
import { registerTokens } from './token-providers.ts';

/** What a person expects of a language while writing; core is loaded by the first question. */
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
    registerTokens(context),
  );
}
