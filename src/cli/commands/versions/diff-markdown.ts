import { formatCount, UNKNOWN } from '../../../shared/format.ts';
import { markdownCode, markdownFence, markdownText, oneLine } from '../../../shared/markdown-text.ts';
import { sanitize } from '../../../shared/sanitize.ts';
import type { FilePatch, PromptDiff } from './prompt-diff.ts';
import { type Figure, figuresOf, type Movement, modelLine, movementOf } from './version-figures.ts';

/** A longer comment would be rejected by code hosts; the number of omitted lines is shown. */
const MAX_LINES = 400;

/** The changes of a pull request in prompts, as a comment on it. Text of prompts cannot break the Markdown. */
export function toMarkdown(diffs: readonly PromptDiff[], { base, head }: { base: string; head: string }): string {
  const range = `${markdownCode(base)} → ${markdownCode(head)}`;
  if (diffs.length === 0) return `## No prompts changed\n\n${range}\n`;
  // columns without any values are omitted
  const figures = FIGURES.filter((title) => diffs.some((diff) => figureCell(diff, title) !== UNKNOWN));
  const titles = ['Prompt', 'Change', 'What', ...figures];
  const rows = [titles, titles.map(() => '---'), ...diffs.map((diff) => summaryRow(diff, figures))];
  const table = rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const shown = new Map<string, string>();
  return `${[heading(diffs), range, table, ...diffs.map((diff) => section(diff, shown))].join('\n\n')}\n`;
}

const FIGURES = ['Match the schema', 'Cost per answer'];
const KINDS = ['changed', 'added', 'renamed', 'removed'] as const;

/** `## 3 prompts: 2 changed, 1 removed` */
function heading(diffs: readonly PromptDiff[]): string {
  const counts = KINDS.map((kind) => ({ kind, count: diffs.filter((diff) => diff.kind === kind).length }));
  const there = counts.filter(({ count }) => count > 0);
  const prompts = formatCount(diffs.length, 'prompt');
  if (there.length === 1) return `## ${prompts} ${there[0]?.kind}`;
  return `## ${prompts}: ${there.map(({ kind, count }) => `${count} ${kind}`).join(', ')}`;
}

function figureCell({ results: { base, head } }: PromptDiff, title: string): string {
  const [from, to] = [base, head].map((side) => figuresOf(side).find((one) => one.title === title));
  return from && to ? moved(from, to, movementOf(to, base, head)) : UNKNOWN;
}

function summaryRow(diff: PromptDiff, figures: readonly string[]): string[] {
  const { kind, changes, name, oldPath } = diff;
  const shown = changes.slice(0, 3).map(({ text }) => inlineText(text));
  const more = changes.length > 3 ? [`${changes.length - 3} more`] : [];
  const what = [...shown, ...more].join('<br>') || UNKNOWN;
  const how = oldPath === undefined ? markdownText(kind) : `${markdownText(kind)} from ${markdownCode(oldPath)}`;
  const cells = [markdownCode(name), how, what, ...figures.map((title) => figureCell(diff, title))];
  // a bar would end the cell even in code
  return cells.map((cell) => cell.replace(/(?<!\\)\|/g, '\\|'));
}

/** `$0.0012 → $0.0009 ▼ 25%`, or unknown. */
function moved(before: Figure, after: Figure, { moved: change, models }: Movement): string {
  if (before.value === undefined && after.value === undefined) return UNKNOWN;
  const verdict = change?.verdict ? ` (${change.verdict})` : '';
  const whole = `${markdownText(before.text)} → ${markdownText(after.text)}${change ? ` ${change.text}${verdict}` : ''}`;
  return [whole, ...models.map((model) => markdownText(modelLine(model)))].join('<br>');
}

/** `shown` has the patches of the sections above, by file and text, so that the patch of a partial is shown once. */
function section(diff: PromptDiff, shown: Map<string, string>): string {
  const { kind, name, path, oldPath, partials, changes, patches } = diff;
  const from = oldPath === undefined ? '' : `, formerly ${markdownCode(oldPath)}`;
  const isOwn = patches.some((patch) => patch.path === path);
  const how = `, ${isOwn ? 'with' : 'through'} ${partials.map(markdownCode).join(', ')}`;
  const by = kind === 'changed' && partials.length > 0 ? how : '';
  const fresh = patches.filter((patch) => !shown.has(keyOf(patch)));
  const above = patches.filter((patch) => !fresh.includes(patch));
  const parts = [
    `### ${markdownCode(name)}`,
    `${markdownCode(path)}${from} · ${markdownText(kind)}${by}`,
    ...(changes.length > 0 ? [changes.map(({ text }) => `- ${inlineText(text)}`).join('\n')] : []),
    ...results(diff),
    ...above.map(
      (patch) => `Source of ${markdownCode(patch.path ?? patch.oldPath ?? '')}: see ${shown.get(keyOf(patch))}.`,
    ),
    ...source(fresh),
  ];
  for (const patch of fresh) shown.set(keyOf(patch), markdownCode(name));
  return parts.join('\n\n');
}

function keyOf({ oldPath, path, lines }: FilePatch): string {
  return JSON.stringify([oldPath, path, lines]);
}

/** The figures of both sides; empty if neither was run. */
function results({ results: { base, head } }: PromptDiff): string[] {
  if (!base && !head) return [];
  const [before, after] = [figuresOf(base), figuresOf(head)];
  const rows = after.flatMap((figure, index) => {
    const other = before[index];
    if (!other || (figure.value === undefined && other.value === undefined)) return [];
    const { moved: change, models } = movementOf(figure, base, head);
    const verdict = change?.verdict ? ` ${change.verdict}` : '';
    return [
      `| ${figure.title} | ${markdownText(other.text)} | ${markdownText(figure.text)} | ${change ? `${change.text}${verdict}` : ''} |`,
      ...models.map((model) => {
        const moved = model.moved ? `${model.moved.text} ${model.moved.verdict ?? ''}`.trim() : '';
        const inputs = formatCount(model.inputs, 'same input');
        return `| ${figure.title}, ${markdownCode(model.model).replace(/\|/g, '\\|')}, ${inputs} | ${markdownText(model.before)} | ${markdownText(model.now)} | ${moved} |`;
      }),
    ];
  });
  return [['| Results | Before | After | |', '| --- | ---: | ---: | --- |', ...rows].join('\n')];
}

function source(patches: readonly FilePatch[]): string[] {
  if (patches.length === 0) return [];
  const lines = patches.flatMap((patch) => [
    `--- ${patch.oldPath === undefined ? '/dev/null' : oneLine(patch.oldPath)}`,
    `+++ ${patch.path === undefined ? '/dev/null' : oneLine(patch.path)}`,
    ...(patch.lines ?? [' The texts are too different to show a line-by-line diff.']),
  ]);
  const shown = lines.slice(0, MAX_LINES);
  const rest = lines.length - shown.length;
  const block = markdownFence(shown.map(visible).join('\n'), 'diff');
  const left = rest > 0 ? `\n\n${rest} more lines are omitted.` : '';
  return [`<details><summary>Source</summary>\n\n${block}${left}\n\n</details>`];
}

/** Makes control characters visible: a reviewer could see a different prompt than the one that runs. */
function visible(line: string): string {
  return sanitize(line).replaceAll('\n', '␊');
}

/** Text between backticks becomes code, the rest plain text. */
function inlineText(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((piece) => (/^`[^`]+`$/.test(piece) ? markdownCode(piece.slice(1, -1)) : markdownText(piece)))
    .join('');
}
