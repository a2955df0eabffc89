import type { GateSpec } from '../file/eval-spec.ts';

/** A gate in the notation of the command line, as far as that has one. */
export function describeGate(gate: GateSpec, direction: 'higher' | 'lower' = 'higher'): string {
  switch (gate.kind) {
    case 'threshold': {
      const limit = `${gate.metric}${direction === 'higher' ? '>=' : '<='}${gate.threshold}`;
      return gate.on === 'interval' ? `${limit} (interval)` : limit;
    }
    case 'margin':
      return `${gate.metric}: margin ${gate.margin}`;
    case 'pass^k':
      return `pass^k(${gate.metric})>=${gate.share} (k=${gate.k})`;
    case 'costUsd':
      return `costUsd<=${gate.limit}`;
    case 'latencyMs':
      return `latencyMs<=${gate.limit} (p${gate.percentile})`;
  }
}
