import * as vscode from 'vscode';
import type { Network } from '../../core/base/network/network.ts';
import { readSetting } from './settings.ts';

/**
 * One network for every client, configured by VS Code's `http.*` settings. Without a proxy there, core uses
 * HTTPS_PROXY. VS Code's patched `fetch` is not used, because gRPC cannot use it.
 */
export async function createEditorNetwork(): Promise<Network> {
  const [{ createNetwork }, { withoutProxies }] = await Promise.all([
    import('../../core/base/network/network.ts'),
    import('../../core/base/network/proxy.ts'),
  ]);
  const http = vscode.workspace.getConfiguration('http');
  const proxyUrl = http.get<string>('proxy')?.trim();
  const useProxy = http.get<string>('proxySupport') !== 'off';
  const noProxy = http.get<string[]>('noProxy') ?? [];
  const caFile = readSetting('network.caFile').trim();
  return createNetwork({
    ...(proxyUrl && useProxy ? { proxyUrl } : {}),
    ...(noProxy.length ? { noProxy } : {}),
    ...(caFile ? { caFile } : {}),
    systemCa: http.get<boolean>('systemCertificates') !== false,
    // Proxy support that is off applies to the environment's proxies too. Its certificates are still used.
    env: useProxy ? process.env : withoutProxies(process.env),
    strictSsl: http.get<boolean>('proxyStrictSSL') !== false,
  });
}
