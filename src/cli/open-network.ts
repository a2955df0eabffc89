import type { Ports } from '../core/workbench.ts';

/** The network as the machine and Node's own variables have it set up. */
export async function openNetwork(env: Record<string, string | undefined>): ReturnType<Ports['network']> {
  const { createNetwork } = await import('../core/base/network/network.ts');
  return createNetwork({ systemCa: true, strictSsl: env.NODE_TLS_REJECT_UNAUTHORIZED !== '0', env });
}
