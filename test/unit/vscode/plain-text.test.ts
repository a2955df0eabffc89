import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdownCode, plainLabel, plainMarkdown, plainMessage } from '../../../src/vscode/host/plain-text.ts';

/** As VS Code finds links in a notification. */
const NOTIFICATION_LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;
/** As VS Code finds icons in a label. */
const LABEL_ICON = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/;

const hostile = fc.stringMatching(/^(?:[[\]()$`!*_\\<>&a-c ]|command:x|https:\/\/x|\n|\u001b){0,30}$/);

describe('a notification', () => {
  it('contains no link, whatever a server answers', () => {
    const text = plainMessage(
      'Quota. [Mend it](command:workbench.action.terminal.new) or [here](https://evil.example "x")',
    );
    expect(text).toContain('[Mend it] (command:workbench.action.terminal.new)');
    fc.assert(fc.property(hostile, (message) => !plainMessage(message).match(NOTIFICATION_LINK)));
  });

  it('is one line of readable length', () => {
    expect(plainMessage(`a\r\nb\u001b[2J${'x'.repeat(10_000)}`)).toMatch(/^a b \[2Jx{1000,1200}…$/);
  });

  it('keeps other text unchanged', () => {
    const text = 'openai (401): Incorrect key [1], see https://example.com/a_b(c).';
    expect(plainMessage(text)).toBe(text);
  });
});

describe('a label', () => {
  it('contains no icon except ours, and reads the same', () => {
    expect(plainLabel('$(verified) gpt')).not.toMatch(LABEL_ICON);
    expect(plainLabel('$(verified) gpt').replace('\u200b', '')).toBe('$(verified) gpt');
    expect(plainLabel('costs $5 (a month)')).toBe('costs $5 (a month)');
    fc.assert(fc.property(hostile, (label) => !LABEL_ICON.test(plainLabel(label))));
  });
});

describe('a hover', () => {
  it('loads no image, follows no link and contains no HTML', () => {
    const text = plainMarkdown('![x](https://evil.example/p.png) [y](command:z) <img src=x> **b** &lt;');
    expect(text).not.toMatch(/(?<!\\)[[\]()<>*!&]/);
  });

  it('keeps code in its place', () => {
    const code = markdownCode('a` ![x](https://evil.example) `b\n\nc');
    expect(code.slice(1, -1)).not.toMatch(/[`\n]/);
  });
});
