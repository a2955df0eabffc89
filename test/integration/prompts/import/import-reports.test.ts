import { describe, expect, it } from 'vitest';
import { importPrompts } from '../../../../src/core/prompts/import/import-prompts.ts';
import { parsePrompt } from '../../../../src/core/prompts/parse.ts';

type Files = Record<string, string>;

async function imported(file: string, text: string, files: Files = {}) {
  const { prompts, notes } = await importPrompts(file, text, { readFile: async (name) => files[name] });
  return { prompts, text: prompts[0]?.text ?? '', notes: notes.join('\n') };
}

const dataOf = (text: string) => parsePrompt(text).prompt.frontMatter?.data ?? {};

describe('expressions that no template can compute', () => {
  it.each([
    ['a.j2', '{{ price }} and {{ price * 2 }}', '{{price}} and {{price_value}}'],
    ['a.j2', '{{ a + b }} {{ a ~ b }} {{ a + b }}', '{{a_b}} {{a_b_2}} {{a_b}}'],
    ['a.j2', '{% if n > 3 %}A{% elif n > 1 %}B{% endif %}', '{{#if if_n}}A{{else if if_n_2}}B{{/if}}'],
    [
      'a.py',
      'PROMPT = f"Pay {price} or {price * 2} or {price * 3} now."',
      'Pay {{price}} or {{price_value}} or {{price_value_2}} now.',
    ],
    [
      'a.ts',
      'const PROMPT = `Pay ${n} or ${n * 2} or ${n + 1} now.`',
      'Pay {{n}} or {{n_value}} or {{n_value_2}} now.',
    ],
  ])('%s %s: each is a separate input', async (file, source, expected) => {
    const { text, notes } = await imported(file, source);
    expect(text).toContain(`\n${expected}\n`);
    expect(notes).toContain('it became the input');
  });

  it('the contents of a macro and of a set block become a comment, not text of the prompt', async () => {
    const source = '{% macro m(x) %}<{{ x }}>{% endmacro %}{% set b %}block {{ y }}{% endset %}Hi {{ m("a") }} {{ b }}';
    const { text, notes } = await imported('a.j2', source);
    expect(dataOf(text)).toEqual({ input: { schema: { m_a: 'any, the value of m("a")', b: 'any' } } });
    expect(text.replace(/\{\{!--[\s\S]*?--\}\}/g, '')).toContain('\nHi {{m_a}} {{b}}\n');
    expect(notes).toContain('`{% macro m(x) %}` and its content');
    expect(notes).toContain('`{% set b %}` and its content');
  });

  it('a default that replaces empty values, and lists printed by Python, are reported', async () => {
    const { notes } = await imported('a.j2', "Say {{ x | default('y', true) }} or {{ z | default('y') }}");
    expect(notes).toBe(
      'In the original, the default of `x` also replaces an empty value: leave the value out instead.',
    );
    const prompty = '---\nname: a\nsample: {tags: [a, b], names: [c]}\n---\nuser:\n{{ tags }} {{ names | join(" ") }}';
    expect((await imported('a.prompty', prompty)).notes).toContain(
      '`tags` is a list that Jinja2 prints in Python syntax',
    );
    expect((await imported('a.prompty', prompty)).notes).not.toContain('`names`');
  });
});

describe('Mustache sections', () => {
  const mustache = (template: string) =>
    imported('a.json', JSON.stringify({ _type: 'prompt', template, template_format: 'mustache', input_variables: [] }));

  it('report names that are read only from an element', async () => {
    const { text, notes } = await mustache('{{#people}}{{title}} {{name}}{{/people}} {{title}}');
    expect(notes).toContain('`name` inside a section is read only from its element');
    expect(notes).not.toContain('`title`');
    expect(notes).toContain('The section `people`: 0, an empty text and an empty map `{}` count as true');
    expect(text).toContain('{{#if title}}{{title}}{{else}}{{@root.title}}{{/if}}');
  });

  it('that show one text or another test the same value', async () => {
    const { text } = await mustache('{{#a}}{{b}}{{/a}}{{^a}}none{{/a}}{{#c}}C{{/c}}{{^c}}no C{{/c}}');
    expect(text).toContain('{{#a}}{{b}}{{/a}}{{^a}}none{{/a}}{{#if c}}C{{/if}}{{#unless c}}no C{{/unless}}');
  });
});

describe('programs', () => {
  it('report messages and templates in unsupported places', async () => {
    const source = `from openai import OpenAI
client = OpenAI()
def ask(items, role="user", content=""):
    messages = [{"role": "system", "content": "You sort things."}]
    for item in items:
        messages.append({"role": "user", "content": "Item: " + item})
    return client.chat.completions.create(model=MODEL, messages=messages)
def build():
    return ChatPromptTemplate.from_messages([("human", "{q}")])
out = llm.invoke([SystemMessage(content="Be brief."), HumanMessage(f"Hi {q}")])
`;
    const { prompts, notes } = await imported('a.py', source);
    expect(prompts.map(({ name }) => name)).toEqual(['ask']);
    expect(notes).toContain('Messages or templates in lines 6, 9, 10 of the code are not imported');
    expect(notes).toContain('The model is computed by the program and is not imported.');
  });

  it('report nothing that is imported', async () => {
    const source = `RAG_PROMPT = ChatPromptTemplate.from_messages([
    ("system", "Use {context}."), HumanMessage(content="Hi"),
])
type Role = { role: 'user' | 'model' }
def run(q, model: str = "gpt-4o"):
    return litellm.completion(model=model, messages=[{"role": "user", "content": f"Say {q}"}])
`;
    const { prompts, notes } = await imported('a.py', source);
    expect(prompts.map(({ name, text }) => [name, dataOf(text).model])).toEqual([
      ['run', 'openai/gpt-4o'],
      ['rag', undefined],
    ]);
    expect(notes).toBe('');
  });

  it('report that Mustache escapes', async () => {
    const source = 'P = PromptTemplate.from_template("Tell {{x}} a joke", template_format="mustache")';
    expect((await imported('a.py', source)).notes).toContain('Mustache escapes HTML');
  });
});

describe('requests and stored prompts', () => {
  it('keep the other lines of a file if one is broken or has no messages', async () => {
    const line = (content: string) => JSON.stringify({ messages: [{ role: 'user', content }] });
    const { prompts, notes } = await imported(
      'a.jsonl',
      [line('One'), '{"cut": ', '{"text": "x"}', line('Two')].join('\n'),
    );
    expect(prompts.map(({ name }) => name)).toEqual(['a-1', 'a-4']);
    expect(notes).toBe('Line 2 is not valid JSON and is not imported.\nLine 3 has no messages and is not imported.');
  });

  it('keep the tools and the verbosity of every format', async () => {
    const tools = [{ name: 'look', description: 'Looks', input_schema: { type: 'object', properties: {} } }];
    const config = {
      providers: [{ id: 'openai:gpt-5', config: { tools: 'file://tools.json' } }],
      prompts: ['Hi {{x}}'],
    };
    const read = await imported('promptfooconfig.yaml', JSON.stringify(config), {
      'tools.json': JSON.stringify(tools),
    });
    expect(dataOf(read.text).toolDefs).toMatchObject([{ name: 'look', description: 'Looks' }]);
    const missing = await imported('promptfooconfig.yaml', JSON.stringify(config));
    expect(missing.notes).toContain('The file of the setting `tools`, tools.json could not be read');
    const request = { model: 'gpt-5', input: 'Hi', text: { verbosity: 'low' }, tools: 'all' };
    const { text, notes } = await imported('a.json', JSON.stringify(request));
    expect(dataOf(text).config).toEqual({ verbosity: 'low' });
    expect(notes).toBe('The tools are not imported: they are not a list of functions.');
  });

  it('keep what LangChain binds to a model, and report a limit of the history', async () => {
    const object = (name: string, kwargs: unknown) => ({
      lc: 1,
      type: 'constructor',
      id: ['langchain', 'x', name],
      kwargs,
    });
    const history = object('MessagesPlaceholder', { variable_name: 'history', n_messages: 4 });
    const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }];
    const chain = {
      first: object('ChatPromptTemplate', { messages: [history, ['human', '{q}']] }),
      last: object('RunnableBinding', { bound: object('ChatOpenAI', { model: 'gpt-4o' }), kwargs: { tools } }),
    };
    const { text, notes } = await imported('a.json', JSON.stringify(object('RunnableSequence', chain)));
    expect(dataOf(text)).toMatchObject({ model: 'openai/gpt-4o', toolDefs: [{ name: 'look' }] });
    expect(notes).toBe('The original sends only the last 4 earlier messages; here all are sent.');
  });

  it('report tags of MLflow and entries of Langfuse without a text', async () => {
    const mlflow = { name: 'a', template: 'Hi {{x}}', tags: { team: 'b' } };
    expect((await imported('a.json', JSON.stringify(mlflow))).notes).toBe('Tags are not imported: team.');
    const list = {
      data: [
        { name: 'a', prompt: 'Hi {{x}}' },
        { name: 'b', versions: [1] },
      ],
    };
    expect((await imported('a.json', JSON.stringify(list))).notes).toContain('`b` has no text in this file');
  });

  it('report only what is true about test cases in a file', async () => {
    const { notes } = await imported('promptfooconfig.yaml', 'prompts: [Hi]\ntests: file://cases.csv\n');
    expect(notes).toBe('`tests`: assertions and test cases are not imported.');
  });
});

it('never use the name of a Windows device for a file', async () => {
  const data = ['CON', 'nul', 'com1', 'console'].map((name) => ({ name, prompt: `Hi ${name}` }));
  const { prompts } = await imported('a.json', JSON.stringify({ data }));
  expect(prompts.map(({ name }) => name)).toEqual(['con-prompt', 'nul-prompt', 'com1-prompt', 'console']);
});
