import type { ErrorInfo } from '../../../src/protocol/rpc.ts';
import { Button } from '../../ui.ts';

export type RunAction = (action: { command: string; args: unknown[] }) => void;

/** A button for the action of an error, if it has one. */
export function ErrorAction({ error: { action }, run }: { error: ErrorInfo; run: RunAction }) {
  if (!action) return null;
  return (
    <Button appearance="secondary" onClick={() => run({ command: action.command, args: action.args ?? [] })}>
      {action.title}
    </Button>
  );
}
