const VARIABLES = 200;
const PARTIALS = 50;
const LINES = 2000;

/** A prompt of 2,000 lines: a schema of 200 fields, each used once, and 50 calls of partials between lines of prose. */
export function largePrompt(): string {
  const fields = Array.from({ length: VARIABLES }, (_, i) => `    field_${i}: string, what is known of the field ${i}`);
  const head = [
    '---',
    'model: demo/balanced',
    'config:',
    '  temperature: 0.3',
    'input:',
    '  schema:',
    ...fields,
    '---',
  ];
  const body: string[] = ['{{role "user"}}'];
  let variable = 0;
  let partial = 0;
  while (head.length + body.length < LINES) {
    const line = body.length;
    if (line % 7 === 0 && variable < VARIABLES) body.push(`Line ${line} has {{field_${variable++}}} in it.`);
    else if (line % 28 === 1 && partial < PARTIALS) body.push(`{{> part_${partial++} given="text"}}`);
    else body.push(`Line ${line} is plain prose, as most of a prompt is, and says what to do.`);
  }
  return [...head, ...body].join('\n');
}

/** The text of each partial that the prompt calls, by file name. */
export function partialsOfLarge(): Map<string, string> {
  return new Map(Array.from({ length: PARTIALS }, (_, i) => [`_part_${i}.prompt`, `Part ${i}: {{given}}`]));
}
