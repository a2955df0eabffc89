/** How a result can be exported. */
export type ReportFormat =
  | 'html'
  | 'csv'
  | 'json'
  | 'jsonl'
  | 'markdown'
  | 'junit'
  | 'promptfoo'
  | 'failed-rows'
  | 'pairs';
