import { describe, expect, it } from 'vitest';
import { showControls } from '../../../webview/shared/text/show-controls.ts';

describe('text from a model', () => {
  it('shows control characters as symbols and keeps tabs and line breaks', () => {
    expect(showControls('a\u0000b\u001b[31mc\u007f\td\r\ne\rf\u009b')).toBe('a␀b␛[31mc␡\td\ne\nf\ufffd');
  });
});
