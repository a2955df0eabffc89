import type { Log } from '../core/base/ports.ts';
import type { Interrupt } from './interrupt.ts';
import type { Notices } from './output/notices.ts';
import type { Output } from './output/output.ts';
import type { Terminal } from './output/terminal.ts';

/** What the code of a command gets in addition to its values. */
export interface CommandContext {
  env: Record<string, string | undefined>;
  log: Log;
  interrupt: Interrupt;
  /** For the result; all other messages go to `terminal.note` or `notices`. */
  output: Output;
  notices: Notices;
  terminal: Terminal;
}
