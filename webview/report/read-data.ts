import type { ReportCaseData, ReportHead } from '../../src/shared/report-data.ts';

export interface ReportData {
  head: ReportHead;
  cases: ReportCaseData[];
}

/** The data in the file; its elements are removed, so that the text is in memory once. */
export function readData(root: Document): ReportData | undefined {
  const elements = [...root.querySelectorAll<HTMLScriptElement>('script[type="application/json"]')];
  let head: ReportHead | undefined;
  const cases: ReportCaseData[] = [];
  for (const element of elements) {
    const data: unknown = JSON.parse(element.textContent ?? 'null');
    if (element.dataset.kind === 'head') head = data as ReportHead;
    else cases.push(...(data as ReportCaseData[]));
    element.remove();
  }
  return head && { head, cases };
}
