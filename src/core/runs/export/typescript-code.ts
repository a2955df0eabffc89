import { type CodeRequest, writeProgram } from './code-request.ts';
import { GOOGLE_TOKEN, keyVariable, ownHeaders, type Piece } from './code-secrets.ts';
import { genaiConfig, isResponsesApi, sdkBaseUrl } from './sdk-options.ts';

/** A TypeScript module for Node with the provider's own package. */
export function toTypeScript(request: CodeRequest): string {
  return writeProgram(request, { anthropic: anthropicProgram, genai: genaiProgram, openai: openaiProgram });
}

function openaiProgram(request: CodeRequest): string {
  const azure = request.client === 'azure-openai' && !request.url.includes('/openai/v1/');
  const client = azure ? 'AzureOpenAI' : 'OpenAI';
  const imports = azure ? 'OpenAI, { AzureOpenAI }' : 'OpenAI';
  const responses = isResponsesApi(request);
  const type = responses
    ? 'OpenAI.Responses.ResponseCreateParamsNonStreaming'
    : 'OpenAI.ChatCompletionCreateParamsNonStreaming';
  // The intersection allows fields that a server supports beyond the API.
  return program([
    `// npm install openai\nimport ${imports} from 'openai';`,
    construct(client, [...clientOptions(request, azure), ...headerOptions(request)]),
    `const request: ${type} & Record<string, unknown> = ${json(request.body)};`,
    responses
      ? 'const response = await client.responses.create(request);\nconsole.log(response.output_text);'
      : 'const response = await client.chat.completions.create(request);\nconsole.log(response.choices[0]?.message.content);',
  ]);
}

function clientOptions(request: CodeRequest, azure: boolean): string[] {
  const { client, connection, url } = request;
  const variable = client === 'vertex-openai' ? GOOGLE_TOKEN : keyVariable(connection);
  const key = `apiKey: ${variable === undefined ? "'none'" : `process.env.${variable}`}`;
  if (!azure) return [`baseURL: ${json(sdkBaseUrl(request))}`, key];
  const address = new URL(url);
  const base = `${address.origin}${address.pathname.replace(/\/deployments\/.*$/, '')}`;
  return [`baseURL: ${json(base)}`, `apiVersion: ${json(address.searchParams.get('api-version') ?? '')}`, key];
}

function anthropicProgram(request: CodeRequest): string {
  const { connection, client, body } = request;
  const vertex = client === 'anthropic-vertex';
  const variable = keyVariable(connection);
  const options = vertex
    ? [`projectId: ${json(connection.project)}`, `region: ${json(connection.location)}`]
    : [
        `baseURL: ${json(sdkBaseUrl(request))}`,
        `apiKey: ${variable === undefined ? "'none'" : `process.env.${variable}`}`,
      ];
  const name = vertex ? 'AnthropicVertex' : 'Anthropic';
  const imports = vertex
    ? "// npm install @anthropic-ai/vertex-sdk\nimport type Anthropic from '@anthropic-ai/sdk';\nimport { AnthropicVertex } from '@anthropic-ai/vertex-sdk';"
    : "// npm install @anthropic-ai/sdk\nimport Anthropic from '@anthropic-ai/sdk';";
  return program([
    imports,
    construct(name, [...options, ...headerOptions(request)]),
    `const request: Anthropic.MessageCreateParamsNonStreaming & Record<string, unknown> = ${json(body)};`,
    "const stream = client.messages.stream(request).on('text', (text) => process.stdout.write(text));\nawait stream.finalMessage();",
  ]);
}

function genaiProgram({ body, connection, model }: CodeRequest): string {
  const { project, location } = connection;
  const variable = connection.type === 'googleai' ? (keyVariable(connection) ?? 'GEMINI_API_KEY') : undefined;
  const vertex = ['vertexai: true', `project: ${json(project)}`, `location: ${json(location)}`];
  const login = variable ? '' : '// gcloud auth application-default login\n';
  return program([
    `// npm install @google/genai\n${login}import { GoogleGenAI } from '@google/genai';`,
    construct('GoogleGenAI', variable ? [`apiKey: process.env.${variable}`] : vertex),
    `const response = await client.models.generateContent(${json({ model, ...genaiConfig(body) })});\nconsole.log(response.text);`,
  ]);
}

function headerOptions({ connection }: CodeRequest): string[] {
  const headers = ownHeaders(connection).map(([name, value]) => `    ${json(name)}: ${joined(value)},`);
  return headers.length > 0 ? [`defaultHeaders: {\n${headers.join('\n')}\n  }`] : [];
}

function joined(pieces: Piece[]): string {
  const inner = pieces.map((piece) =>
    'text' in piece ? piece.text.replace(/[\\`$]/g, '\\$&') : `\${process.env.${piece.variable}}`,
  );
  return `\`${inner.join('')}\``;
}

function construct(name: string, options: string[]): string {
  return `const client = new ${name}({\n${options.map((option) => `  ${option},`).join('\n')}\n});`;
}

function program(blocks: string[]): string {
  return `${blocks.join('\n\n')}\n`;
}

/** JSON is JavaScript, except `__proto__`, which only a computed key keeps as a plain property. */
function json(value: unknown): string {
  return JSON.stringify(value ?? '', null, 2).replace(/^(\s*)"__proto__":/gm, '$1["__proto__"]:');
}
