/** The formats of the published format and of Genkit. All except JSON are treated as text. */
export const OUTPUT_FORMATS: readonly string[] = ['json', 'text', 'csv', 'jsonl', 'array', 'enum'];
