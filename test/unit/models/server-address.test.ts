import { describe, expect, it } from 'vitest';
import { readServerAddress } from '../../../src/core/models/connections/server-address.ts';

describe('the address of a server, as the user types it', () => {
  it.each([
    ['127.0.0.1:11434', 'http://127.0.0.1:11434/v1'],
    ['  127.0.0.1:11434\t', 'http://127.0.0.1:11434/v1'],
    ['localhost:8000/v1', 'http://localhost:8000/v1'],
    ['localhost:8000/v1/', 'http://localhost:8000/v1'],
    ['localhost:8000/', 'http://localhost:8000'],
    ['localhost', 'http://localhost/v1'],
    [':8080', 'http://127.0.0.1:8080/v1'],
    ['[::1]:8080', 'http://[::1]:8080/v1'],
    ['[fd00::7]:8080', 'http://[fd00::7]:8080/v1'],
    ['[2606:4700::1]', 'https://[2606:4700::1]/v1'],
    ['host.internal:8000', 'http://host.internal:8000/v1'],
    ['host.docker.internal:11434', 'http://host.docker.internal:11434/v1'],
    ['gpu-box:8000/openai', 'http://gpu-box:8000/openai'],
    ['printer.local:80', 'http://printer.local/v1'],
    ['10.1.2.3:8000', 'http://10.1.2.3:8000/v1'],
    ['172.16.0.9:8000', 'http://172.16.0.9:8000/v1'],
    ['172.32.0.9:8000', 'https://172.32.0.9:8000/v1'],
    ['192.168.1.7:8000', 'http://192.168.1.7:8000/v1'],
    ['100.64.0.1:8000', 'http://100.64.0.1:8000/v1'],
    ['8.8.8.8:8000', 'https://8.8.8.8:8000/v1'],
    ['0.0.0.0:8000', 'http://127.0.0.1:8000/v1'],
    ['llm.example.com', 'https://llm.example.com/v1'],
    ['llm.example.com:8443/api/v2', 'https://llm.example.com:8443/api/v2'],
    ['https.example.com', 'https://https.example.com/v1'],
    ['http:8080', 'http://http:8080/v1'],
  ])('%j without a scheme', (written, baseUrl) => expect(readServerAddress(written)).toEqual({ baseUrl }));

  it.each([
    [' http://127.0.0.1:8000/v1 ', 'http://127.0.0.1:8000/v1'],
    ['http://127.0.0.1:8000', 'http://127.0.0.1:8000'],
    ['https://llm.example.com/v1/', 'https://llm.example.com/v1'],
    ['HTTP://Example.com/v1', 'http://example.com/v1'],
    ['http://llm.example.com/v1/chat/completions', 'http://llm.example.com/v1'],
    ['127.0.0.1:8000/v1/models', 'http://127.0.0.1:8000/v1'],
  ])('%j is used unchanged, without the path of a request', (written, baseUrl) => {
    expect(readServerAddress(written)).toEqual({ baseUrl });
  });

  it.each([
    ['', /^Enter the address/],
    ['my server:8000', /cannot contain spaces/],
    ['http:/127.0.0.1:8000/v1', /^Did you mean http:\/\/127\.0\.0\.1:8000\/v1\?/],
    ['http:127.0.0.1:8000', /^Did you mean http:\/\/127\.0\.0\.1:8000\?/],
    ['http//127.0.0.1:8000', /^Did you mean http:\/\/127\.0\.0\.1:8000\?/],
    ['http:///127.0.0.1:8000', /^Did you mean http:\/\/127\.0\.0\.1:8000\?/],
    ['htpp://127.0.0.1:8000', /^Did you mean http:\/\/127\.0\.0\.1:8000\?/],
    ['https;//llm.example.com', /^Did you mean https:\/\/llm\.example\.com\?/],
    ['ttps://llm.example.com', /^Did you mean https:\/\/llm\.example\.com\?/],
    ['ftp://llm.example.com', /not ftp:\/\//],
    ['::1:8080', /in brackets/],
    ['fe80::1', /in brackets, such as \[fe80::1\]/],
    ['127.0.0.1:99999', /Invalid port 99999/],
    ['host:port', /not an address/],
    ['http://', /not an address/],
    ['user:pass@host:80', /user name and password/],
    ['https://ana@llm.example.com/v1', /user name and password/],
    ['https://llm.example.com/v1?api-version=1', /cannot contain “\?”/],
    ['localhost:8000#top', /cannot contain “\?”/],
  ])('%j is rejected with a hint', (written, problem) => {
    expect(readServerAddress(written)).toEqual({ problem: expect.stringMatching(problem) });
  });
});
