// Takes the README's pictures in the real workbench, and draws the icon:
//   node test/bed/shoot.mjs [--theme=dark] [--size=1720x1000] [--out=media/screenshots] [--only=compare|language|quick-fix|versions|answers|evaluation] [--icon]
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureInstalled, root, underProjectNode } from './toolchain.mjs';

const { values } = parseArgs({
  options: {
    theme: { type: 'string', multiple: true },
    size: { type: 'string', default: '1720x1000' },
    out: { type: 'string', default: 'media/screenshots' },
    only: { type: 'string' },
    icon: { type: 'boolean', default: false },
  },
});

/** media/icon.svg at the size that the Marketplace shows. */
async function drawIcon(browser) {
  const page = await browser.newPage({ viewport: { width: 256, height: 256 } });
  const svg = fs.readFileSync(path.join(root, 'media/icon.svg'), 'utf8');
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${svg}`);
  await page.screenshot({ path: path.join(root, 'media/icon.png'), omitBackground: true });
  await page.close();
}

/** With a palette, which makes a picture of the workbench less than half as large: all of them are in the .vsix. */
async function savePicture(page, name) {
  const { default: sharp } = await import('sharp');
  const picture = sharp(await page.screenshot()).png({ palette: true, quality: 95, dither: 0.3, effort: 10 });
  await picture.toFile(path.join(root, values.out, `${name}.png`));
}

const models = ['demo/swift', 'demo/balanced', 'demo/thorough'];

/** Less chrome around the subject of the picture. */
const quiet = {
  'window.commandCenter': false,
  'workbench.layoutControl.enabled': false,
  'editor.minimap.enabled': false,
  'breadcrumbs.enabled': false,
};

/** Makes the prompt's group narrower than the panel next to it, like dragging the border between them. */
async function dragBorder(page, x) {
  const box = await page.locator('.editor-group-container').first().boundingBox();
  await page.mouse.move(box.x + box.width, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(x, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
}

/** The prompt next to the finished comparison, as after the first minute. */
async function shootCompare(bed, theme) {
  const { openCompare } = await import('../ui/compare-page.ts');
  const [width, height] = values.size.split('x').map(Number);
  const workspace = path.join(root, 'media/sample-workspace');
  const window = await bed.openWindow({ workspace, theme, settings: quiet, size: { width, height } });
  const { page } = window;
  await page.keyboard.press('ControlOrMeta+B');
  const compare = await openCompare(window, 'prompts/churn-analysis.prompt');
  await dragBorder(page, width * 0.29);
  await compare.run();
  for (const model of models) await compare.column(model, 'done').waitFor();
  await page.mouse.move(width / 2, height - 5); // no tooltip, no hovered row
  await page.waitForTimeout(500); // VS Code fades the focus and the scroll bars
  await savePicture(page, `compare-${theme}`);
  await window.close();
}

/** A variable being completed, with the prompt's preview next to it. */
async function shootLanguage(bed, theme) {
  const { openPreview } = await import('../ui/preview-page.ts');
  const { goTo } = await import('../ui/quick-input.ts');
  const [width, height] = [1440, 900];
  const workspace = path.join(root, 'media/sample-workspace');
  const window = await bed.openWindow({ workspace, theme, settings: quiet, size: { width, height } });
  const { page } = window;
  await page.keyboard.press('ControlOrMeta+B');
  const preview = await openPreview(window, 'prompts/support-reply.prompt');
  await preview.message('system').waitFor();
  await goTo(window, '36:5'); // in a complete expression, so that the preview stays
  await page.keyboard.press('Control+Space');
  await page.locator('.suggest-widget .monaco-list-row').first().waitFor();
  if ((await page.locator('.suggest-details:visible').count()) === 0) await page.keyboard.press('Control+Space');
  await page.mouse.move(width / 2, height - 5);
  await page.waitForTimeout(1500); // the tokens in the status bar are updated after the last key
  await savePicture(page, `language-${theme}`);
  await window.close();
}

const FLAWED = `---
description: Offers a customer the next plan.
model: demo/balancd
config:
  temprature: 0.3
input:
  schema:
    customer_name: string, how the customer signed
    plan(enum, what they pay for): [Basic, Silver, Gold]
    tenure_months: number, months since the contract began
---
{{role "system"}}
You write one short offer. {{> tune team="Maya"}}

{{role "user"}}
{{custmer_name}} has paid for {{plan}} until today. Which plan would you offer next, and why?
`;

/** A prompt with problems: their places, their messages, and the quick fix of one. */
async function shootQuickFix(bed, theme) {
  const { goTo } = await import('../ui/quick-input.ts');
  const [width, height] = [1440, 800];
  const workspace = path.join(root, 'media/sample-workspace');
  const files = { 'prompts/offer.prompt': FLAWED };
  const window = await bed.openWindow({ workspace, files, theme, settings: quiet, size: { width, height } });
  const { page } = window;
  await page.keyboard.press('ControlOrMeta+B');
  await window.openFile('prompts/offer.prompt');
  await page.locator('.squiggly-warning').first().waitFor();
  await page
    .getByText(/\d+\stokens/)
    .first()
    .waitFor();
  await window.command('View: Focus Problems');
  await page.locator('.markers-panel .monaco-list-row').nth(3).waitFor();
  await window.openFile('prompts/offer.prompt');
  await goTo(window, '16:5');
  await page.mouse.move(width / 2, 200);
  await page.mouse.wheel(0, -1000);
  await page.keyboard.press('ControlOrMeta+.');
  await page.locator('.action-widget .monaco-list-row').first().waitFor();
  await page.mouse.move(width / 2, height - 5);
  await page.waitForTimeout(1500);
  await savePicture(page, `quick-fix-${theme}`);
  await window.close();
}

/** A window on the sample with its history, as created by `npm start`. */
async function openSample(bed, options) {
  const { createSampleWorkspace } = await import('./sample.mjs');
  const folder = path.join(fs.mkdtempSync(path.join(bed.dir, 'sample-')), 'sample-workspace');
  const problem = await createSampleWorkspace(folder);
  if (problem) throw new Error(problem);
  return bed.openWindow({ workspace: folder, copy: false, ...options });
}

/** The versions of a prompt with their results, and the changes of one of them. */
async function shootVersions(bed, theme) {
  const [width, height] = [1440, 800];
  const window = await openSample(bed, { theme, settings: quiet, size: { width, height } });
  const { page } = window;
  const row = (name) => page.getByRole('treeitem', { name }).first();
  await page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
  for (const view of [/^Models/, /^Runs/]) await page.locator('.pane-header').filter({ hasText: view }).click();
  await dragSideBar(page, width * 0.42);
  await row(/^prompt churn-analysis/)
    .locator('.monaco-tl-twistie')
    .click();
  await row(/^version 2/).click();
  await page.locator('.monaco-diff-editor').first().waitFor();
  // the estimates are the last to be shown; the editor draws a space as a no-break space
  await page
    .getByText(/≈\d+\stokens/)
    .first()
    .waitFor();
  await page.mouse.move(width - 40, height - 5);
  await page.waitForTimeout(2500);
  await savePicture(page, `versions-${theme}`);
  await window.close();
}

async function dragSideBar(page, x) {
  const box = await page.locator('.part.sidebar').boundingBox();
  await page.mouse.move(box.x + box.width, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(x, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
}

/** Two versions of a prompt on one model: how an edit changed the answers. */
async function shootAnswers(bed, theme) {
  const { openCompare } = await import('../ui/compare-page.ts');
  const [width, height] = [1440, 900];
  const window = await openSample(bed, { theme, settings: quiet, size: { width, height } });
  const { page } = window;
  await page.keyboard.press('ControlOrMeta+B');
  const compare = await openCompare(window, 'prompts/churn-analysis.prompt');
  for (const model of ['demo/swift', 'demo/thorough']) {
    await compare.pick(compare.column(model), 'More Actions', 'Remove This Column');
  }
  await compare.button('Add Version').click();
  await compare.view.getByRole('option', { name: /\bv1\b/ }).click();
  await dragBorder(page, width * 0.3);
  await compare.run();
  await compare.view.getByText(/^2 runs ended$/).waitFor();
  await page.mouse.move(width / 2, height - 5);
  await page.waitForTimeout(500);
  await savePicture(page, `answers-${theme}`);
  await window.close();
}

/** The sample evaluation after its run, with a case that regressed and the charts. */
async function shootEvaluation(bed, theme) {
  const [width, height] = values.size.split('x').map(Number);
  const window = await openSample(bed, { theme, settings: quiet, size: { width, height } });
  const { page } = window;
  await page.keyboard.press('ControlOrMeta+B');
  await window.openFile('churn-quality.eval.yaml');
  await window.command('LLMOps: Run Evaluation…');
  const view = window.webview();
  await view.locator('.evaluation-state').filter({ hasText: 'done' }).waitFor();
  await view.getByRole('button', { name: /^regressed \d/ }).click();
  await view.locator('[data-row="0"] [role="gridcell"]:has(.regressed)').first().dblclick();
  await view.locator('.diff ins').first().waitFor();
  await view.getByRole('button', { name: 'Charts' }).click();
  await view.locator('.chart-mark').first().waitFor();
  await page.mouse.move(width / 2, height - 5);
  await page.waitForTimeout(1500);
  await savePicture(page, `evaluation-${theme}`);
  await window.close();
}

/** The themes in which each picture is taken: those that the README shows. */
const pictures = {
  compare: { shoot: shootCompare, themes: ['light', 'dark'] },
  language: { shoot: shootLanguage, themes: ['dark'] },
  'quick-fix': { shoot: shootQuickFix, themes: ['light'] },
  versions: { shoot: shootVersions, themes: ['light'] },
  answers: { shoot: shootAnswers, themes: ['dark'] },
  evaluation: { shoot: shootEvaluation, themes: ['light', 'dark'] },
};

async function main() {
  await ensureInstalled();
  await underProjectNode(fileURLToPath(import.meta.url));
  const { ensureBuilt } = await import('./build.mjs');
  const { launchBrowser } = await import('./browser.mjs');
  const { openBed } = await import('./workbench.mjs');
  const browser = await launchBrowser();
  try {
    if (values.icon) return await drawIcon(browser);
    await ensureBuilt();
    fs.mkdirSync(path.join(root, values.out), { recursive: true });
    const bed = await openBed({ browser });
    try {
      for (const [name, { shoot, themes }] of Object.entries(pictures)) {
        if (values.only && values.only !== name) continue;
        for (const theme of values.theme ?? themes) {
          await shoot(bed, theme);
          console.log(path.join(values.out, `${name}-${theme}.png`));
        }
      }
    } finally {
      await bed.close();
    }
  } finally {
    await browser.close();
  }
}

try {
  await main();
  process.exit(0);
} catch (error) {
  console.error(error);
  process.exit(1);
}
