import { isRecord } from '../../../shared/is-record.ts';
import { UserError } from '../../base/errors.ts';
import { didYouMean, nearestNames } from '../../base/nearest-name.ts';
import { findSchemaProblem, validateValue } from '../../prompts/schema/validate-input.ts';
import { describeLater } from './later-metrics.ts';
import type { Metric, MetricUse, Parameter, ParameterValue, ParameterValues } from './metric.ts';
import { findMetric, METRICS } from './metric-table.ts';
import { compilePattern } from './regexp/regexp-metric.ts';
import { readPath } from './structure/value-at-path.ts';

/** Every metric that is true or false can be turned around, as promptfoo's `not-contains`. */
const NOT: Parameter = { type: 'boolean', default: false, description: 'Pass where the metric would fail.' };

/** The parameters of a metric, with those that all of its kind have. */
export function parametersOf(metric: Metric): Readonly<Record<string, Parameter>> {
  return metric.scale === 'yes-no' ? { ...metric.parameters, not: NOT } : metric.parameters;
}

/**
 * The metrics of a command line, separated by commas: `bleu:tokenize=zh,rougeL:stemmer`. A `value` takes all that follows
 * it, since patterns and texts contain commas and colons.
 */
export function splitMetrics(written: string): string[] {
  const metrics = written.match(/(?:[^,:]+(?::(?!value=)[^,:]*)*(?::value=.*)?)/gs) ?? [];
  return metrics.map((one) => one.trim()).filter((one) => one !== '');
}

const VALUE = ':value=';

/** A metric as it is written, with options after colons: a flag, a choice or `name=value`. Throws UserError. */
export async function readMetric(written: string): Promise<MetricUse> {
  const { id, parameters } = parseMetric(written);
  const metric = getMetric(id);
  const [problem] = await findParameterProblems(metric, parameters);
  if (problem) {
    throw new UserError(`"${written}": ${problem.message}`, { code: 'invalid-input', hint: hintFor(metric) });
  }
  return { id, parameters };
}

/** The same without a check of the parameters, to which a file may add others. Throws UserError for unknown ones. */
export function parseMetric(written: string): MetricUse {
  const at = written.indexOf(VALUE);
  const [id = '', ...options] = (at < 0 ? written : written.slice(0, at)).split(':');
  if (at >= 0) options.push(written.slice(at + 1));
  const metric = getMetric(id.trim());
  const known = parametersOf(metric);
  return { id: metric.id, parameters: Object.fromEntries(options.map((option) => readOption(option, known, written))) };
}

export function getMetric(id: string): Metric {
  const metric = findMetric(id);
  if (metric) return metric;
  const ids = METRICS.map((one) => one.id);
  const hint = describeLater(id) ?? didYouMean(nearestNames(id, ids, 1)) ?? `The metrics are ${ids.join(', ')}.`;
  throw new UserError(`There is no metric "${id}".`, { code: 'invalid-input', hint });
}

/** A metric as it is used: its parameters may decide its scale, direction and threshold. */
export function resolveMetric({ id, parameters }: Pick<MetricUse, 'id' | 'parameters'>): Metric {
  const metric = getMetric(id);
  return { ...metric, ...metric.resolve?.(parameters) };
}

function readOption(
  option: string,
  known: Readonly<Record<string, Parameter>>,
  written: string,
): [string, ParameterValue] {
  const [, name = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(option) ?? [];
  const parameter = known[name];
  if (parameter) return [name, value === undefined ? true : toValue(value, parameter)];
  const choice = Object.keys(known).find((one) => textsOf(known[one]?.enum).includes(name));
  if (choice !== undefined && value === undefined) return [choice, name];
  const names = Object.keys(known);
  throw new UserError(`"${written}": there is no option "${name}".`, {
    code: 'invalid-input',
    hint: names.length > 0 ? `Its options are ${names.join(', ')}.` : 'This metric has no options.',
  });
}

const textsOf = (list: unknown): unknown[] => (Array.isArray(list) ? list : []);

/** Text of a command line in the parameter's type; what does not fit stays text, and is reported by the check. */
function toValue(text: string, { type }: Parameter): ParameterValue {
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (type === 'integer' || type === 'number') return text.trim() === '' ? text : (toNumber(text) ?? text);
  return text;
}

function toNumber(text: string): number | undefined {
  const value = Number(text);
  return Number.isNaN(value) ? undefined : value;
}

/** What is wrong with the parameters of a metric, each as a sentence about a parameter. */
export async function findParameterProblems(
  metric: Metric,
  parameters: ParameterValues,
): Promise<{ name: string | undefined; message: string }[]> {
  const known = parametersOf(metric);
  const required = Object.keys(known).filter((name) => known[name]?.isRequired);
  const schema = { type: 'object', properties: known, required, additionalProperties: false };
  const found = (await validateValue(schema, parameters)).map(({ path, message }) => {
    const name = path.replace(/^\$\.?/, '');
    return { name: /^\w+/.exec(name)?.[0], message: `${name} ${message}.` };
  });
  const { value, flags, path, schema: ofAnswers } = parameters;
  if (metric.id === 'regex' && typeof value === 'string') {
    const compiled = compilePattern(value, String(flags ?? 'u'));
    if (typeof compiled === 'string') found.push({ name: 'value', message: compiled });
  }
  if (typeof path === 'string' && readPath(path) === undefined) {
    found.push({ name: 'path', message: `"${path}" is not a path.` });
  }
  const invalid = isRecord(ofAnswers) ? await findSchemaProblem(ofAnswers) : undefined;
  if (invalid !== undefined) {
    found.push({ name: 'schema', message: `"schema" is not valid JSON Schema: ${invalid}.` });
  }
  return found;
}

function hintFor(metric: Metric): string {
  const options = Object.entries(parametersOf(metric)).map(([name, parameter]) => {
    const choices = textsOf(parameter.enum);
    return choices.length > 0 ? `${name} (${choices.join(', ')})` : name;
  });
  return options.length > 0 ? `Its options are ${options.join('; ')}.` : 'This metric has no options.';
}
