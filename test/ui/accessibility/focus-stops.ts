import type { FrameLocator, Page } from 'playwright-core';

/** The element with the keyboard focus in a panel, including shadow roots. */
export interface Stop {
  /** A name for people. */
  name: string;
  /** The same for controls that look alike. */
  kind: string;
  /** On the screen, relative to the whole window. */
  box: { x: number; y: number; width: number; height: number };
}

/** Undefined if the focus is lost to the page's body. */
export async function focusedStop(view: FrameLocator): Promise<Stop | undefined> {
  const body = view.locator('body');
  const stop: Stop | undefined = await body.evaluate(READ_STOP);
  const frame = await body.boundingBox();
  if (!stop || !frame) return undefined;
  return { ...stop, box: { ...stop.box, x: stop.box.x + frame.x, y: stop.box.y + frame.y } };
}

const READ_STOP = `(() => {
  const active = document.activeElement;
  if (!active || active === document.body) return undefined;
  const { x, y, width, height } = active.getBoundingClientRect();
  const name = (active.getAttribute('aria-label') ?? active.textContent ?? '').trim().slice(0, 60);
  const states = ['appearance', 'role', 'aria-selected', 'aria-disabled'].map((key) => active.getAttribute(key) ?? '');
  return { name: active.localName + ' ' + name, kind: [active.localName, active.className, ...states].join(' '), box: { x, y, width, height } };
})()`;

/**
 * How many points of the screen change clearly when the focused control loses the focus: its ring, wherever it is
 * drawn, except where something covers it. The focus is restored afterwards.
 */
export async function ringSize(page: Page, view: FrameLocator, { box }: Stop): Promise<number> {
  const { width: pageWidth = 0, height: pageHeight = 0 } = page.viewportSize() ?? {};
  const x = Math.max(0, Math.floor(box.x) - 3);
  const y = Math.max(0, Math.floor(box.y) - 3);
  const clip = {
    x,
    y,
    width: Math.min(pageWidth, Math.ceil(box.x + box.width) + 3) - x,
    height: Math.min(pageHeight, Math.ceil(box.y + box.height) + 3) - y,
  };
  const focused = await page.screenshot({ clip, caret: 'hide' });
  await view.locator('body').evaluate(`globalThis.lastStop = document.activeElement; lastStop.blur()`);
  const plain = await page.screenshot({ clip, caret: 'hide' });
  await view.locator('body').evaluate('lastStop.focus({ preventScroll: true })');
  return page.evaluate(COUNT_CHANGES, [focused.toString('base64'), plain.toString('base64')]);
}

/** Runs in the page, which can read a picture: points that differ by contrast or by color. */
async function COUNT_CHANGES(pictures: string[]): Promise<number> {
  const read = async (picture: string) => {
    const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
    if (!canvas) throw new Error('This browser cannot read a picture.');
    canvas.drawImage(image, 0, 0);
    return canvas.getImageData(0, 0, image.width, image.height).data;
  };
  const [before, after] = await Promise.all(pictures.map(read));
  if (!before || !after) return 0;
  let changed = 0;
  for (let at = 0; at < before.length; at += 4) {
    const distance = [0, 1, 2].reduce(
      (sum, part) => sum + Math.abs((before[at + part] ?? 0) - (after[at + part] ?? 0)),
      0,
    );
    if (distance > 90) changed += 1;
  }
  return changed;
}
