import type { Conversion } from './jinja-paths.ts';

/** Notes where a value would be tested or printed differently than in the source format, if its type allows that. */
export function reportTruth({ inputs, notes, engine, conditions, printed }: Conversion): void {
  const open = [...conditions].filter((name) => {
    const { type, array, default: given } = inputs.get(name) ?? {};
    const isScalar = typeof type === 'string' && type !== 'any';
    return !isScalar && !Array.isArray(type) && !(array && engine === 'jinja') && !isScalarValue(given);
  });
  if (open.length > 0) {
    const names = open.map((name) => `\`${name}\``).join(', ');
    notes.push(
      engine === 'jinja'
        ? `Conditions on ${names}: an empty map \`{}\` counts as true in a template here, and as false in Jinja2.`
        : `Conditions on ${names}: an empty list \`[]\` counts as false in a template here, and as true in Nunjucks.`,
    );
  }
  if (engine === 'nunjucks') return;
  const booleans = [...printed].filter((name) => {
    const details = inputs.get(name);
    return details?.type === 'boolean' || typeof details?.default === 'boolean';
  });
  if (booleans.length > 0) {
    const names = booleans.map((name) => `\`${name}\``).join(', ');
    notes.push(`The value of ${names} is printed as \`true\` or \`false\`, and by Python as \`True\` or \`False\`.`);
  }
}

function isScalarValue(value: unknown): boolean {
  return value !== undefined && (typeof value !== 'object' || value === null);
}
