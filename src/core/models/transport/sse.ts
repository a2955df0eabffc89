import { StringDecoder } from 'node:string_decoder';

/** Called for each server-sent event; `event` is empty if the server set no name. */
export type HandleEvent = (event: string, data: string) => void;

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Server-sent events (HTML standard, 9.2.6) in one pass over text: the SDKs' own decoders, nested generators, take most
 * of the processor time of a run. `id` and `retry` are not needed here.
 */
export function createSseDecoder() {
  const decoder = new StringDecoder('utf8');
  let begun = false;
  let afterReturn = false;
  let rest = '';
  let event = '';
  let data: string | undefined;

  /** Normalizes every kind of line ending to a line feed; a CR at the end of a piece ends its line at once. */
  const withLineFeeds = (piece: string): string => {
    let text = piece;
    if (!begun && text.startsWith(BYTE_ORDER_MARK)) text = text.slice(1);
    begun = true;
    if (afterReturn && text.startsWith('\n')) text = text.slice(1);
    afterReturn = text.endsWith('\r');
    return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  };
  const takeLine = (line: string, take: HandleEvent) => {
    if (line === '') {
      const [name, body] = [event, data];
      event = '';
      data = undefined;
      if (body !== undefined || name !== '') take(name, body ?? '');
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    if (field !== 'data' && field !== 'event') return;
    const value = colon < 0 ? '' : line.slice(line.startsWith(' ', colon + 1) ? colon + 2 : colon + 1);
    if (field === 'event') event = value;
    else data = data === undefined ? value : `${data}\n${value}`;
  };
  const takeText = (piece: string, take: HandleEvent) => {
    if (piece === '') return;
    const text = withLineFeeds(piece);
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const line = text.slice(start, end);
      const whole = rest === '' ? line : rest + line;
      rest = '';
      start = end + 1;
      takeLine(whole, take);
    }
    if (start < text.length) rest += start === 0 ? text : text.slice(start);
  };
  return {
    /** Bytes as they arrive from the network, cut anywhere. */
    push: (bytes: Uint8Array, take: HandleEvent): void => takeText(decoder.write(bytes), take),
    /** At the end of the body: servers omit the blank line after the last event. */
    end(take: HandleEvent): void {
      takeText(`${decoder.end()}\n`, take);
      takeLine('', take);
    },
  };
}
