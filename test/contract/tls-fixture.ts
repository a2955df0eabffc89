import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const read = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');

/** The tests' own certificate authority, trusted by nothing else. */
export const caFile = fileURLToPath(new URL('../fixtures/tls/ca.pem', import.meta.url));
export const caPem = read('ca.pem');
/** For localhost, 127.0.0.1, *.googleapis.com and *.example.test. */
export const serverCertificate = { cert: read('server.pem'), key: read('server.key') };
