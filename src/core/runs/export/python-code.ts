import { type CodeRequest, writeProgram } from './code-request.ts';
import { GOOGLE_TOKEN, keyVariable, ownHeaders, type Piece } from './code-secrets.ts';
import { genaiConfig, isResponsesApi, sdkBaseUrl } from './sdk-options.ts';

/** The named arguments of the Python clients; anything else is passed in `extra_body`. */
const OPENAI_ARGUMENTS = new Set(
  `model messages max_completion_tokens max_tokens temperature top_p stop seed response_format tools tool_choice
  parallel_tool_calls reasoning_effort frequency_penalty presence_penalty logit_bias logprobs top_logprobs n user
  metadata service_tier store verbosity prediction modalities`.split(/\s+/),
);
const RESPONSES_ARGUMENTS = new Set(
  `model input instructions max_output_tokens temperature top_p tools tool_choice text reasoning include store
  parallel_tool_calls metadata service_tier user truncation previous_response_id`.split(/\s+/),
);
const ANTHROPIC_ARGUMENTS = new Set(
  `model messages max_tokens system temperature top_p top_k stop_sequences tools tool_choice thinking metadata
  service_tier`.split(/\s+/),
);

/** A Python 3 program with the provider's own package. */
export function toPython(request: CodeRequest): string {
  return writeProgram(request, { anthropic: anthropicProgram, genai: genaiProgram, openai: openaiProgram });
}

function openaiProgram(request: CodeRequest): string {
  const azure = request.client === 'azure-openai' && !request.url.includes('/openai/v1/');
  const name = azure ? 'AzureOpenAI' : 'OpenAI';
  return program([
    `# pip install openai\nimport os\n\nfrom openai import ${name}`,
    call(`client = ${name}`, [...clientArguments(request, azure), ...headerArguments(request)]),
    isResponsesApi(request)
      ? `${call('response = client.responses.create', bodyArguments(request.body, RESPONSES_ARGUMENTS))}\nprint(response.output_text)`
      : `${call('response = client.chat.completions.create', bodyArguments(request.body, OPENAI_ARGUMENTS))}\nprint(response.choices[0].message.content)`,
  ]);
}

function clientArguments(request: CodeRequest, azure: boolean): string[] {
  const { connection, client, url } = request;
  const variable = client === 'vertex-openai' ? GOOGLE_TOKEN : keyVariable(connection);
  const key = `api_key=${variable === undefined ? '"none"' : environment(variable)}`;
  if (!azure) return [`base_url=${literal(sdkBaseUrl(request))}`, key];
  const address = new URL(url);
  const base = `${address.origin}${address.pathname.replace(/\/deployments\/.*$/, '')}`;
  return [`base_url=${literal(base)}`, `api_version=${literal(address.searchParams.get('api-version'))}`, key];
}

function anthropicProgram(request: CodeRequest): string {
  const { connection, client } = request;
  const vertex = client === 'anthropic-vertex';
  const name = vertex ? 'AnthropicVertex' : 'Anthropic';
  const variable = keyVariable(connection);
  const options = vertex
    ? [`project_id=${literal(connection.project)}`, `region=${literal(connection.location)}`]
    : [
        `base_url=${literal(sdkBaseUrl(request))}`,
        `api_key=${variable === undefined ? '"none"' : environment(variable)}`,
      ];
  // The client rejects long answers without streaming, so the text is printed as it arrives.
  return program([
    `# pip install "anthropic${vertex ? '[vertex]' : ''}"\nimport os\n\nfrom anthropic import ${name}`,
    call(`client = ${name}`, [...options, ...headerArguments(request)]),
    `with ${call('client.messages.stream', bodyArguments(request.body, ANTHROPIC_ARGUMENTS))} as stream:\n` +
      '    for text in stream.text_stream:\n        print(text, end="", flush=True)',
  ]);
}

function genaiProgram({ body, connection, model }: CodeRequest): string {
  const { project, location } = connection;
  const { contents, config } = genaiConfig(body);
  const variable = connection.type === 'googleai' ? (keyVariable(connection) ?? 'GEMINI_API_KEY') : undefined;
  const vertex = ['vertexai=True', `project=${literal(project)}`, `location=${literal(location)}`];
  return program([
    variable
      ? '# pip install google-genai\nimport os\n\nfrom google import genai'
      : '# pip install google-genai\n# gcloud auth application-default login\nfrom google import genai',
    call('client = genai.Client', variable ? [`api_key=${environment(variable)}`] : vertex),
    `${call('response = client.models.generate_content', [
      `model=${literal(model)}`,
      `contents=${literal(contents, 1)}`,
      `config=${literal(config, 1)}`,
    ])}\nprint(response.text)`,
  ]);
}

function bodyArguments(body: Record<string, unknown>, known: Set<string>): string[] {
  const entries = Object.entries(body);
  const extra = Object.fromEntries(entries.filter(([name]) => !known.has(name)));
  const own = entries.filter(([name]) => known.has(name)).map(([name, value]) => `${name}=${literal(value, 1)}`);
  return Object.keys(extra).length > 0 ? [...own, `extra_body=${literal(extra, 1)}`] : own;
}

function headerArguments({ connection }: CodeRequest): string[] {
  const headers = ownHeaders(connection).map(([name, value]) => `        ${literal(name)}: ${joined(value)},`);
  return headers.length > 0 ? [`default_headers={\n${headers.join('\n')}\n    }`] : [];
}

function joined(pieces: Piece[]): string {
  const parts = pieces.map((piece) => ('text' in piece ? literal(piece.text) : environment(piece.variable)));
  return parts.join(' + ') || '""';
}

function environment(name: string): string {
  return `os.environ["${name}"]`;
}

function call(name: string, args: string[]): string {
  return `${name}(\n${args.map((arg) => `    ${arg},`).join('\n')}\n)`;
}

function program(blocks: string[]): string {
  const text = blocks.join('\n\n');
  return `${text.includes('os.environ') ? text : text.replace('import os\n\n', '')}\n`;
}

/** JSON's strings are Python's as well: the same escapes, and other characters may be literal. */
export function literal(value: unknown, depth = 0): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return JSON.stringify(value);
  const items = Array.isArray(value)
    ? value.map((item) => literal(item, depth + 1))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${JSON.stringify(key)}: ${literal(item, depth + 1)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (items.length === 0) return `${open}${close}`;
  const indent = '    '.repeat(depth + 1);
  return `${open}\n${items.map((item) => `${indent}${item},\n`).join('')}${'    '.repeat(depth)}${close}`;
}
