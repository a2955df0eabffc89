import { describe, expect, it } from 'vitest';
import { importPrompts } from '../../../../src/core/prompts/import/import-prompts.ts';
import { parsePrompt } from '../../../../src/core/prompts/parse.ts';
import { inputFields } from '../../../../src/core/prompts/schema/input-fields.ts';
import { readTypedInput } from '../../../../src/core/prompts/schema/typed-input.ts';
import { render } from './import-fixture.ts';

async function imported(file: string, text: string) {
  const { prompts, notes } = await importPrompts(file, text);
  return { text: prompts[0]?.text ?? '', texts: prompts.map((prompt) => prompt.text), notes: notes.join('\n') };
}

const promptfoo = (config: Record<string, unknown>) =>
  imported('promptfooconfig.yaml', JSON.stringify({ prompts: ['Hi {{x}}'], ...config }));

const dataOf = (text: string) => parsePrompt(text).prompt.frontMatter?.data ?? {};

describe('promptfoo providers', () => {
  it.each([
    ['ollama:chat:llama3.1:8b', 'ollama/llama3.1:8b'],
    ['ollama:llama3.1:8b-instruct-q4_0', 'ollama/llama3.1:8b-instruct-q4_0'],
    ['openai:chat:ft:gpt-4o-mini-2024-07-18:org:name:id', 'openai/ft:gpt-4o-mini-2024-07-18:org:name:id'],
    ['openai:responses:gpt-5', 'openai/gpt-5'],
    ['openai:gpt-5-mini', 'openai/gpt-5-mini'],
    ['anthropic:messages:claude-sonnet-4-5', 'anthropic/claude-sonnet-4-5'],
    ['vertex:gemini-2.5-pro', 'vertexai/gemini-2.5-pro'],
    ['azure:chat:my-deployment', 'azure-openai/my-deployment'],
    ['bedrock:us.anthropic.claude-sonnet-4-20250514-v1:0', 'bedrock/us.anthropic.claude-sonnet-4-20250514-v1:0'],
    ['bedrock:converse:anthropic.claude-3-haiku-20240307-v1:0', 'bedrock/anthropic.claude-3-haiku-20240307-v1:0'],
    ['openrouter:openai/gpt-5:free', 'openrouter/openai/gpt-5:free'],
  ])('%s is %s', async (id, model) => {
    const { text, notes } = await promptfoo({ providers: [id] });
    expect(dataOf(text).model).toBe(model);
    const isKnown = !/^(?:bedrock|openrouter)/.test(id);
    expect(notes.includes('is not built in: add it to llmops/connections.yaml')).toBe(!isKnown);
  });

  it.each(['openai:embedding:text-embedding-3-small', 'openai:image:dall-e-3', 'openai:chat'])(
    '%s is not a chat model, and is reported',
    async (id) => {
      const { text, notes } = await promptfoo({ providers: [id] });
      expect(dataOf(text).model).toBeUndefined();
      expect(notes).toContain(`The provider \`${id}\``);
    },
  );

  it('keep the settings of each, and report where they differ', async () => {
    const { text, notes } = await promptfoo({
      providers: [
        { id: 'openai:chat:gpt-5', config: { temperature: 0.2, seed: 7, apiKey: 'sk-not-carried' } },
        { id: 'anthropic:messages:claude-sonnet-4-5', config: { temperature: 0.7, max_tokens: 500, seed: 7 } },
      ],
    });
    expect(dataOf(text)).toMatchObject({
      config: { temperature: 0.2, seed: 7, maxOutputTokens: 500 },
      'llmops.models': ['openai/gpt-5', 'anthropic/claude-sonnet-4-5'],
    });
    expect(notes).toContain('`temperature` is `0.7` for `anthropic:messages:claude-sonnet-4-5` and `0.2`');
    expect(notes).toContain('`max_tokens` of `anthropic:messages:claude-sonnet-4-5` now belongs to the prompt');
    expect(notes).not.toContain('`seed`');
  });
});

describe('a promptfoo chat', () => {
  it('treats nested loops as earlier turns, and keeps the messages around them', async () => {
    const chat = `[
      {"role": "system", "content": "Be brief in {{ lang | default("English") }}."},
      {% for completion in _conversation %}
        {% for message in completion.prompt %}
        {"role": "{{ message.role }}", "content": "{{ message.content }}"},
        {% endfor %}
        {"role": "assistant", "content": "{{ completion.output }}"}{% if not loop.last %},{% endif %}
      {% endfor %},
      {"role": "user", "content": {{ question | dump }}}
    ]`;
    const { text, notes } = await imported('c.yaml', JSON.stringify({ prompts: [chat] }));
    expect(text).toContain('Be brief in {{lang}}.\n{{~history}}\n{{~role "user"~}}\n{{question}}\n');
    expect(notes).toContain('The messages that a loop produces go where `{{history}}` is.');
  });

  it('reports that a condition around a message is not imported', async () => {
    const chat = '[{% if s %}{"role":"system","content":"S"},{% endif %}{"role":"user","content":"{{x}}"}]';
    const { text, notes } = await imported('c.yaml', JSON.stringify({ prompts: [chat] }));
    expect(await render(text, { x: 'X' })).toEqual([
      { role: 'system', text: 'S' },
      { role: 'user', text: 'X' },
    ]);
    expect(notes).toContain('The condition `{% if s %}` around messages is not imported');
  });

  it('detects a red team configuration', async () => {
    const { notes } = await promptfoo({ redteam: { purpose: 'Find leaks', plugins: ['pii', 'bola'] } });
    expect(notes).toContain('This is a red team configuration (`redteam`: 2 plugins, a purpose)');
    await expect(importPrompts('r.yaml', 'redteam:\n  purpose: x\ntargets: [openai:gpt-5]\n')).rejects.toMatchObject({
      message: 'No prompt was found in r.yaml (read as promptfoo).',
      hint: expect.stringContaining('This is a red team configuration (`redteam`: a purpose)'),
    });
  });

  it('reports which of its keys are not imported', async () => {
    const { notes } = await promptfoo({
      outputPath: 'x.html',
      defaultTest: { assert: [], vars: { x: 'file://a.txt' } },
    });
    expect(notes).toContain('Not imported: `outputPath`.');
    expect(notes).toContain('`defaultTest`: assert is not imported.');
    expect(notes).toContain('The variable `x` comes from file://a.txt and has no default.');
  });
});

describe('functions of a program', () => {
  const PYTHON = `
lang = """Klingon, which no function means"""
QUESTION_PROMPT = "Why {topic}?"

def translate(text: str, lang: str = "en", limit: int = 3, *, tone=None, when=now()):
    return client.chat.completions.create(model="gpt-5", messages=[
        {"role": "user", "content": f"To {lang}, {limit} words, {tone}, {when}: {text}"}])

def outer(text):
    prompt = "Outer " + text
    def inner(prompt):
        return client.chat.completions.create(model="gpt-5", messages=[{"role": "user", "content": prompt}])
    return client.chat.completions.create(model="gpt-5", messages=[{"role": "user", "content": prompt}])

def elsewhere(text):
    return client.chat.completions.create(model="gpt-5", messages=[{"role": "user", "content": prompt}])

def asks(q):
    return client.chat.completions.create(model="gpt-5", messages=[
        {"role": "user", "content": QUESTION_PROMPT.format(topic="blue skies")}])
`;

  it('have parameters that hide the module’s variables, with their defaults and types', async () => {
    const { text, notes } = await imported('a.py', PYTHON);
    expect(dataOf(text)).toMatchObject({
      input: {
        schema: { lang: 'string', limit: 'integer', 'tone?': 'any', when: 'any', text: 'string' },
        default: { lang: 'en', limit: 3 },
      },
    });
    expect(text).toContain('To {{lang}}, {{limit}} words, {{tone}}, {{when}}: {{text}}');
    expect(notes).toContain('The default of the parameter `when` is computed by the program');
  });

  it('know their own assignments, and no names of each other', async () => {
    const { texts } = await imported('a.py', PYTHON);
    const bodies = texts.map((text) => text.split('---\n').at(-1)?.trim());
    expect(bodies).toContain('Outer {{text}}');
    expect(bodies.filter((body) => body === '{{prompt}}')).toHaveLength(2);
    const asks = texts.find((text) => text.includes('Why {{topic}}?')) ?? '';
    expect(dataOf(asks)).toMatchObject({ input: { default: { topic: 'blue skies' } } });
  });

  it('are read in TypeScript too', async () => {
    const source = `
      const tone = \`a tone that no function means\`;
      export async function reply(mail: string, tone = 'kind') {
        return openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content: \`Be \${tone}: \${mail}\` }] });
      }
      const shorten = async ({ text, words = 50 }: Options) => {
        return openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content: \`\${words} words: \${text}\` }] });
      };`;
    const { texts } = await imported('a.ts', source);
    expect(texts[0]).toContain('Be {{tone}}: {{mail}}');
    expect(dataOf(texts[0] ?? '')).toMatchObject({ input: { default: { tone: 'kind' }, schema: { mail: 'string' } } });
    expect(dataOf(texts[1] ?? '')).toMatchObject({ input: { default: { words: 50 } } });
  });

  it('keep braces of a text that is never formatted, and default values of a template', async () => {
    const { texts, notes } = await imported(
      'a.py',
      `client.chat.completions.create(model="gpt-5", messages=[{"role": "user", "content": "Keep {this} and {{that}}"}])
LANG_PROMPT = PromptTemplate(template="In {lang}: {x} on {day}", partial_variables={"lang": "French", "day": today})
OTHER_PROMPT = ChatPromptTemplate.from_messages([("user", "As {who}: {x}")]).partial(who="a cook")
`,
    );
    expect(texts[0]).toContain('Keep {this} and \\{{that}}');
    expect(dataOf(texts[1] ?? '')).toMatchObject({ input: { default: { lang: 'French' } } });
    expect(notes).toContain('The value of `day` is computed by the program');
    expect(dataOf(texts[2] ?? '')).toMatchObject({ input: { default: { who: 'a cook' } } });
  });
});

describe('parts that a prompt cannot contain', () => {
  it('are reported, in requests and in programs', async () => {
    const request = {
      messages: [{ role: 'user', name: 'ann', content: [{ type: 'text', text: 'Hi', cache_control: {} }] }],
    };
    const { notes } = await imported('a.json', JSON.stringify(request));
    expect(notes).toContain('The key `name` of a message is not imported.');
    expect(notes).toContain('The key `cache_control` of a part of a message is not imported.');
    const program = `client.messages.create(model="claude-sonnet-4-5", messages=[{"role": "user", "content": [
      {"type": "text", "text": "Hi there", "cache_control": {"type": "ephemeral"}}], "name": "ann"}])`;
    const read = await imported('a.py', program);
    expect(read.notes).toContain('The key `cache_control` of a part of a message is not imported.');
    expect(read.notes).toContain('The key `name` of a message is not imported.');
  });

  it('are reported for a template that is too large', async () => {
    const { notes } = await imported('a.j2', '{{ x }}'.repeat(10_002));
    expect(notes).toContain('a.prompt is too large for a template. The template has more than 10000 expressions.');
  });
});

describe('the sample of a Prompty file', () => {
  it('reads values from files, and reports those it cannot read', async () => {
    const source =
      '---\nname: a\nsample:\n  doc: ${file:doc.md}\n  user:\n    facts: ${file:facts.json}\n  gone: ${file:gone.txt}\n---\nuser:\n{{doc}}{{user.facts.x}}\n';
    const files: Record<string, string> = { 'doc.md': 'Text\n', 'facts.json': '{"x": 1}' };
    const { prompts, notes } = await importPrompts('a.prompty', source, { readFile: async (name) => files[name] });
    expect(dataOf(prompts[0]?.text ?? '')).toMatchObject({
      input: { default: { doc: 'Text\n', user: { facts: { x: 1 } } } },
    });
    expect(notes).toContain('The file gone.txt could not be read: the file does not exist or cannot be opened.');
  });
});

describe('pictures', () => {
  it('with a concatenated address keep its parts as one input, with a note', async () => {
    const source = {
      _type: 'chat_prompt',
      messages: [
        {
          _type: 'human',
          id: ['HumanMessagePromptTemplate'],
          prompt: [
            { _type: 'prompt', template: 'Look {who}' },
            { _type: 'image', template: { url: 'data:image/jpeg;base64,{photo}', detail: 'low' } },
          ],
        },
      ],
    };
    const { text, notes } = await imported('lc.json', JSON.stringify(source));
    expect(text).toContain('Look {{who}}\n{{~media url=photo}}');
    expect(text).toContain('photo: any, the whole URL, data:image/jpeg;base64,…');
    expect(notes).toContain('pass the whole URL as `photo`');
    expect(notes).toContain('The detail level of an image is not imported.');
  });

  it('of Prompty’s inputs are media, and may be names of files', async () => {
    const source = `---
name: look
model:
  id: gpt-5
inputs:
  - name: photo
    kind: image
---
user:
What is this?
{{photo}}
Answer.
`;
    const { text } = await imported('look.prompty', source);
    expect(dataOf(text)).toMatchObject({ 'llmops.media': ['photo'] });
    expect(text).toContain('What is this?\n{{~media url=photo');
    expect(await render(text, { photo: 'https://x.example/a.png' })).toMatchObject([
      { role: 'user' },
      { role: 'user' },
    ]);
  });

  it('that a tag cannot contain are the default of an input, which is put into a dataset', async () => {
    const url = `data:image/png;base64,${'A'.repeat(150_000)}`;
    const message = { role: 'user', content: [{ type: 'image_url', image_url: { url } }] };
    const { prompts } = await importPrompts('r.json', JSON.stringify({ messages: [message] }));
    expect(prompts[0]?.text).toContain('{{media url=image}}');
    expect(prompts[0]?.text.length).toBeLessThan(1_000);
    expect(JSON.parse(prompts[0]?.dataset?.text ?? '')).toEqual({ image: url });
  });
});

describe('Jinja2', () => {
  it('reports where a test or JSON would be rendered differently', async () => {
    const source =
      '{% if data %}{{ data | tojson(indent=2) }}{% endif %}{{ data.x }}{% if flag == true %}{{ flag }}{% endif %}';
    const { text, notes } = await imported('a.j2', source);
    expect(text).toContain('{{json data indent=2}}');
    expect(notes).toContain('Conditions on `data`: an empty map `{}` counts as true in a template here, and as false');
    expect(notes).toContain('`tojson` writes keys in order');
  });

  it('reports the same for Nunjucks and its lists', async () => {
    const { notes } = await promptfoo({ prompts: ['{% if docs %}{{ docs | dump(2) }}{% endif %}'] });
    expect(notes).toContain('an empty list `[]` counts as false in a template here, and as true in Nunjucks');
    expect(notes).not.toContain('tojson');
  });

  it('reports that Mustache escapes HTML, and only Mustache', async () => {
    const mustache = await imported('lc.json', '{"_type":"prompt","template":"{{x}}","template_format":"mustache"}');
    expect(mustache.notes).toContain('Mustache escapes HTML');
    const raw = await imported('lc.json', '{"_type":"prompt","template":"{{{x}}}","template_format":"mustache"}');
    expect(raw.notes).toBe('');
    const mlflow = await imported('m.json', '{"template":"{{x}}","name":"m"}');
    expect(mlflow.notes).toBe('');
  });
});

describe('an input without a type', () => {
  it('accepts any value, and is a plain text field if the template needs no more', async () => {
    const { text } = await imported(
      'a.j2',
      '{{ question }}{% for d in docs %}{{ d.x }}{% endfor %}{{ user.name }}{% if flag %}!{% endif %}',
    );
    const { prompt } = parsePrompt(text);
    const fields = inputFields(prompt);
    expect(fields.map(({ name, type }) => [name, type])).toEqual([
      ['question', 'string'],
      ['docs', 'json'],
      ['user', 'json'],
      ['flag', 'string'],
    ]);
    const typed = { question: '[1, 2] or {"a": 007}?', docs: '[{"x": 1}]', user: '{"name": "Ann"}', flag: 'false' };
    const { values, problems } = readTypedInput(fields, typed);
    expect(problems).toEqual([]);
    expect(values).toEqual({ question: typed.question, docs: [{ x: 1 }], user: { name: 'Ann' }, flag: false });
    expect(await render(text, values)).toEqual([{ role: 'user', text: '[1, 2] or {"a": 007}?1Ann' }]);
  });
});

describe('the result of a tool', () => {
  it('keeps its call, in Anthropic’s format and in the Responses API format', async () => {
    const anthropic = await imported(
      'a.json',
      JSON.stringify({
        messages: [
          { role: 'user', content: 'Weather?' },
          { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'w', input: { city: 'Oslo' } }] },
          {
            role: 'user',
            content: [{ type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: '4' }] }],
          },
        ],
      }),
    );
    expect(anthropic.text).toContain('{{section "llmops.tool-call/t1/w"~}}\n{"city":"Oslo"}');
    expect(anthropic.text).toContain('{{~role "tool"~}}\n{{section "llmops.tool-result/t1"~}}\n4\n');
    const responses = await imported(
      'r.json',
      JSON.stringify({
        model: 'gpt-5',
        input: [
          { role: 'user', content: 'Weather?' },
          { type: 'function_call', call_id: 'c1', name: 'w', arguments: '{}' },
          { type: 'function_call_output', call_id: 'c1', output: 'rain' },
        ],
      }),
    );
    expect(responses.text).toContain('llmops.tool-call/c1/w');
    expect(responses.text).toContain('llmops.tool-result/c1');
    expect(anthropic.notes + responses.notes).toBe('');
  });

  it('without a call is reported', async () => {
    const messages = [{ role: 'tool', tool_call_id: 'c9', content: 'x' }];
    const { notes } = await imported('a.json', JSON.stringify({ messages }));
    expect(notes).toContain('The result of the tool call `c9` has no call before it');
  });
});
