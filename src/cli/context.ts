import type { Log } from '../core/base/ports.ts';
import type { Interrupt } from './interrupt.ts';
import type { Notices } from './output/notices.ts';
import type { Output } from './output/output.ts';
import type { Terminal } from './output/terminal.ts';

/** What the code of a command gets beside its values. */
export interface CommandContext {
  env: Record<string, string | undefined>;
  log: Log;
  interrupt: Interrupt;
  /** The result goes to `output`, what is said beside it to `terminal.note` or `notices`. */
  output: Output;
  notices: Notices;
  terminal: Terminal;
}
