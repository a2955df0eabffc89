import type { Ports } from '../core/workbench.ts';

/** The network with the system's certificates, and the proxy and TLS settings of the environment. */
export async function openNetwork(env: Record<string, string | undefined>): ReturnType<Ports['network']> {
  const { createNetwork } = await import('../core/base/network/network.ts');
  return createNetwork({ systemCa: true, strictSsl: env.NODE_TLS_REJECT_UNAUTHORIZED !== '0', env });
}
