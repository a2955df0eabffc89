import { createChecks, noParams, type ParamChecks } from './checks.ts';
import { compareChecks } from './compare-checks.ts';
import type { PreviewMethods } from './preview.ts';

/** The valid params of requests from the Preview panel. */
export const previewChecks: ParamChecks<PreviewMethods> = {
  ...compareChecks,
  ...createChecks<Pick<PreviewMethods, 'prompt.run' | 'request.copy'>>({
    'prompt.run': noParams,
    'request.copy': noParams,
  }),
};
