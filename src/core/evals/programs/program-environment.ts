import { removeCredentials } from '../../base/secrets/remove-credentials.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The variables that programs need to start, to find their libraries and files, to write text and to reach the network.
 * Keys have names of any kind, so everything else is left out instead of what looks like one.
 */
const ALLOWED = new RegExp(
  `^(?:${[
    'PATH|PATHEXT|HOME|USER|LOGNAME|SHELL|TERM|TZ|PWD|LANG|LANGUAGE|LC_\\w+|TMPDIR|TEMP|TMP|XDG_\\w+_(?:HOME|DIRS|DIR)',
    'SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|OS|USERPROFILE|USERNAME|HOMEDRIVE|HOMEPATH|APPDATA|LOCALAPPDATA|PROGRAMDATA',
    'ALLUSERSPROFILE|PUBLIC|PROGRAMFILES(?:\\(X86\\))?|PROGRAMW6432|COMMONPROGRAM\\w*(?:\\(X86\\))?|PROCESSOR_\\w+|NUMBER_OF_PROCESSORS',
    'LD_LIBRARY_PATH|DYLD_(?:FALLBACK_)?LIBRARY_PATH|VIRTUAL_ENV|CONDA_(?:PREFIX|DEFAULT_ENV|EXE)|PYENV_\\w+|PYTHON(?:PATH|HOME|UTF8|IOENCODING)',
    'NODE_PATH|NODE_EXTRA_CA_CERTS|NVM_(?:DIR|BIN)|VOLTA_HOME|JAVA_HOME|GOPATH|GOROOT|CARGO_HOME|RUSTUP_HOME|DOTNET_ROOT|DENO_DIR|BUN_INSTALL',
    'SSL_CERT_(?:FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|(?:HTTPS?|ALL|NO)_PROXY|CUDA_(?:HOME|PATH|VISIBLE_DEVICES)',
  ].join('|')})$`,
  'i',
);

/** The environment of a program of the user, without keys: passwords in the URLs of proxies are removed as well. */
export function programEnvironment(env: Environment, extra: Environment = {}): Record<string, string> {
  const kept = Object.entries(env).flatMap(([name, value]): [string, string][] => {
    return value !== undefined && ALLOWED.test(name) ? [[name, removeCredentials(value)]] : [];
  });
  // Python on Windows writes in the code page of the system otherwise
  const fixed = { PYTHONUTF8: '1', PYTHONIOENCODING: 'utf-8' };
  const own = Object.entries(extra).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(kept), ...fixed, ...Object.fromEntries(own) };
}
