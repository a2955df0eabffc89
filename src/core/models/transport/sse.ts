import { StringDecoder } from 'node:string_decoder';

/** Called for each server-sent event; `event` is empty if the server set no name. */
export type HandleEvent = (event: string, data: string) => void;

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Server-sent events (HTML standard, 9.2.6) in one pass over text: the SDKs' own decoders, nested generators, take most
 * of the processor time of a run. `id` and `retry` are not needed here.
 */
export class SseDecoder {
  private readonly decoder = new StringDecoder('utf8');
  private begun = false;
  private afterReturn = false;
  private rest = '';
  private event = '';
  private data: string | undefined;

  /** Bytes as they arrive from the network, cut anywhere. */
  push(bytes: Uint8Array, take: HandleEvent): void {
    this.takeText(this.decoder.write(bytes), take);
  }

  /** At the end of the body: servers omit the blank line after the last event. */
  end(take: HandleEvent): void {
    this.takeText(`${this.decoder.end()}\n`, take);
    this.takeLine('', take);
  }

  /** Normalizes every kind of line ending to a line feed; a CR at the end of a piece ends its line at once. */
  private withLineFeeds(piece: string): string {
    let text = piece;
    if (!this.begun && text.startsWith(BYTE_ORDER_MARK)) text = text.slice(1);
    this.begun = true;
    if (this.afterReturn && text.startsWith('\n')) text = text.slice(1);
    this.afterReturn = text.endsWith('\r');
    return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  }

  private takeLine(line: string, take: HandleEvent): void {
    if (line === '') {
      const [name, body] = [this.event, this.data];
      this.event = '';
      this.data = undefined;
      if (body !== undefined || name !== '') take(name, body ?? '');
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    if (field !== 'data' && field !== 'event') return;
    const value = colon < 0 ? '' : line.slice(line.startsWith(' ', colon + 1) ? colon + 2 : colon + 1);
    if (field === 'event') this.event = value;
    else this.data = this.data === undefined ? value : `${this.data}\n${value}`;
  }

  private takeText(piece: string, take: HandleEvent): void {
    if (piece === '') return;
    const text = this.withLineFeeds(piece);
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const line = text.slice(start, end);
      const whole = this.rest === '' ? line : this.rest + line;
      this.rest = '';
      start = end + 1;
      this.takeLine(whole, take);
    }
    if (start < text.length) this.rest += start === 0 ? text : text.slice(start);
  }
}
