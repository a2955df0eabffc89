import { launchBrowser } from '../../bed/vscode-host.mjs';
import { openPanel } from './open-panel.ts';
import { servePanel } from './panel-page.ts';
import { aColumn, aRun, aSnapshot, JSON_ANSWER } from './snapshots.ts';

const [browser, served] = await Promise.all([launchBrowser(), servePanel()]);
const error = {
  code: 'auth' as const,
  message: 'openai refused the key (401).',
  hint: 'Set the key again.',
  action: { command: 'x', title: 'Set API Key', args: [] },
};
const done = (id: string, text: string, changes: Parameters<typeof aRun>[0] = {}) =>
  aColumn(id, `demo/${id}`, { runs: [aRun({ runId: `${id}-1`, text, ...changes })] });
const cols = [
  done('swift', JSON_ANSWER, {
    schemaCheck: { valid: true } as never,
    warnings: [{ message: 'temperature was left out' } as never],
  }),
  done('balanced', 'x', { state: 'failed', error }),
  aColumn('thorough', 'demo/thorough'),
];
const { page } = await openPanel(
  browser,
  served.url,
  aSnapshot(cols, {
    notices: ['A notice of something'],
    history: { comparisonId: 'x', startedAt: 0, sourceChanged: true },
  }),
  { theme: 'dark', size: { width: 1090, height: 800 } },
);
await page.screenshot({ path: '/tmp/layout/icons.png' });
console.log(
  await page.evaluate(`(() => {
  const out = [];
  for (const icon of document.querySelectorAll('.codicon')) {
    if (!icon.checkVisibility()) continue;
    const box = icon.getBoundingClientRect();
    const scope = icon.closest('vscode-button, button, .banner, p, summary, .state, .schema, div, span:not(.codicon)') ;
    const walker = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
    let best;
    while (walker.nextNode()) {
      const n = walker.currentNode; if (!n.textContent.trim()) continue;
      const r = document.createRange(); r.selectNodeContents(n);
      for (const line of r.getClientRects()) { const d = Math.abs((line.top+line.bottom)/2 - (box.top+box.bottom)/2); if (best === undefined || d < Math.abs(best.d)) best = { d: (box.top+box.bottom)/2 - (line.top+line.bottom)/2, t: n.textContent.trim().slice(0,20) }; }
    }
    if (best && Math.abs(best.d) > 0.6) out.push(icon.className + ' | ' + best.t + ' | ' + best.d.toFixed(2));
  }
  const gaps = [...document.querySelectorAll('.field')].map((f) => { const c = f.querySelector('vscode-text-field, vscode-text-area, .dropdown, vscode-checkbox'); const d = f.querySelector('.description, .problem'); if (!d) return; const inner = c.shadowRoot?.querySelector('.control, .root') ?? c; return f.querySelector('.field-name').textContent + ' ' + (d.getBoundingClientRect().top - inner.getBoundingClientRect().bottom).toFixed(2) + ' label ' + (inner.getBoundingClientRect().top - f.querySelector('.field-name').getBoundingClientRect().bottom).toFixed(2); });
  return { out, gaps };
})()`),
);
await browser.close();
served.close();
