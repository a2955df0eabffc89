/** Where a snippet applies: in an empty file, as a key of the front matter, or in the template. */
export type SnippetPlace = 'file' | 'front-matter' | 'template';

export interface Snippet {
  /** The prefix to type. */
  prefix: string;
  name: string;
  doc: string;
  place: SnippetPlace;
  body: string;
}

/** The text of the completion "Front matter" for a `---` in line 1; the cursor ends up after `model: `. */
export const FRONT_MATTER_BODY = '---\nmodel: $1\n---';

/**
 * Offered by our own completion and not by `contributes.snippets`: those cannot distinguish front matter from the
 * template, and VS Code offers them in the middle of a sentence too.
 */
export const SNIPPETS: readonly Snippet[] = [
  {
    prefix: 'prompt',
    name: 'Prompt with front matter',
    doc: 'A complete prompt: model, typed input, system and user messages.',
    place: 'file',
    body: [
      '---',
      'model: ${1:demo/swift}',
      'input:',
      '  schema:',
      '    ${2:question}: string, ${3:what the user asks}',
      '---',
      '{{role "system"}}',
      '${4:You answer briefly.}',
      '',
      '{{role "user"}}',
      '{{${2:question}}}$0',
    ].join('\n'),
  },
  {
    prefix: 'output',
    name: 'JSON output',
    doc: 'Requests JSON that matches a schema.',
    place: 'front-matter',
    body: [
      'output:',
      '  format: json',
      '  schema:',
      '    ${1:label}(enum, ${2:the class}): [${3:yes, no}]',
      '    ${4:reason}: string, ${5:why}$0',
    ].join('\n'),
  },
  {
    prefix: 'input',
    name: 'Typed input',
    doc: 'Declares the variables with their types and defaults.',
    place: 'front-matter',
    body: [
      'input:',
      '  schema:',
      '    ${1:name}: ${2|string,integer,number,boolean,any|}, ${3:what it is}',
      '  default:',
      '    ${1:name}: $0',
    ].join('\n'),
  },
  {
    prefix: 'config',
    name: 'Parameters',
    doc: 'Temperature and maximum output tokens.',
    place: 'front-matter',
    body: 'config:\n  temperature: ${1:0.2}\n  maxOutputTokens: ${2:1024}$0',
  },
  {
    prefix: 'llmops.models',
    name: 'Models to compare',
    doc: 'The models that Compare starts with.',
    place: 'front-matter',
    body: 'llmops.models:\n  - ${1:demo/swift}\n  - ${2:demo/thorough}$0',
  },
  {
    prefix: 'llmops.media',
    name: 'Media inputs',
    doc: 'Inputs whose values may be files in the workspace.',
    place: 'front-matter',
    body: 'llmops.media: [${1:image}]$0',
  },
  {
    prefix: 'role',
    name: 'Role',
    doc: 'Everything from here on belongs to this role.',
    place: 'template',
    body: '{{role "${1|system,user,model|}"}}\n$0',
  },
  {
    prefix: 'if',
    name: 'If',
    doc: 'Text that is included only if a value is set.',
    place: 'template',
    body: '{{#if ${1:value}}}\n$0\n{{/if}}',
  },
  {
    prefix: 'ifelse',
    name: 'If … else',
    doc: 'One text or another, depending on a value.',
    place: 'template',
    body: '{{#if ${1:value}}}\n$2\n{{else}}\n$0\n{{/if}}',
  },
  {
    prefix: 'unless',
    name: 'Unless',
    doc: 'Text that is included only if a value is not set.',
    place: 'template',
    body: '{{#unless ${1:value}}}\n$0\n{{/unless}}',
  },
  {
    prefix: 'ifEquals',
    name: 'If equals',
    doc: 'Text that is included only if two values are equal and of the same type.',
    place: 'template',
    body: '{{#ifEquals ${1:plan} "${2:Gold}"}}\n$0\n{{/ifEquals}}',
  },
  {
    prefix: 'each',
    name: 'Each',
    doc: 'Repeats the text for each element of a list.',
    place: 'template',
    body: '{{#each ${1:items}}}\n- {{${2:this}}}$0\n{{/each}}',
  },
  {
    prefix: 'with',
    name: 'With',
    doc: 'Uses the fields of a value by name.',
    place: 'template',
    body: '{{#with ${1:customer}}}\n$0\n{{/with}}',
  },
  {
    prefix: 'partial',
    name: 'Partial',
    doc: 'Inserts the text of _name.prompt.',
    place: 'template',
    body: '{{> ${1:name}}}$0',
  },
  {
    prefix: 'history',
    name: 'History',
    doc: 'Inserts earlier turns of the conversation.',
    place: 'template',
    body: '{{history}}$0',
  },
  { prefix: 'media', name: 'Media', doc: 'An image or a PDF.', place: 'template', body: '{{media url=${1:image}}}$0' },
  { prefix: 'json', name: 'JSON', doc: 'A value as JSON.', place: 'template', body: '{{json ${1:value} indent=2}}$0' },
  {
    prefix: 'section',
    name: 'Section',
    doc: 'A named section of the message.',
    place: 'template',
    body: '{{section "${1:name}"}}$0',
  },
  { prefix: 'comment', name: 'Comment', doc: 'Not sent to the model.', place: 'template', body: '{{!-- $0 --}}' },
];
