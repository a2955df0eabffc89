/** Names of other tools for metrics that need a model, in small letters without signs. */
const LATER = new Set([
  ...['faithfulness', 'answerrelevancy', 'answerrelevance', 'answercorrectness', 'answersimilarity', 'factuality'],
  ...[
    'contextprecision',
    'contextrecall',
    'contextrelevancy',
    'contextrelevance',
    'contextfaithfulness',
    'noisesensitivity',
  ],
  ...['contextualprecision', 'contextualrecall', 'contextualrelevancy', 'semanticsimilarity', 'similar', 'bertscore'],
  ...[
    'llmrubric',
    'modelgradedclosedqa',
    'modelgradedfactuality',
    'geval',
    'rubric',
    'judge',
    'selectbest',
    'closedqa',
  ],
  ...['hallucination', 'toxicity', 'bias', 'moderation', 'summarization', 'classifier', 'aspectcritic', 'groundedness'],
]);

/** Why a metric that users of other tools look for is not there; undefined for any other name. */
export function describeLater(id: string): string | undefined {
  if (!LATER.has(id.toLowerCase().replace(/[^a-z]/g, ''))) return undefined;
  return 'Metrics that need a model are not available yet.';
}
