import { isRecord } from '../../../../shared/is-record.ts';
import type { Measured, Scale } from '../metric.ts';

/** What a function of the user returned, as JSON; numbers that JSON lacks are texts, such as `NaN`. Throws what is wrong. */
export function readReturned(returned: unknown, scale: Scale): Measured {
  if (!isRecord(returned)) return { value: toValue(returned, scale), ...passedOf(returned) };
  const { value, passed, reason } = returned;
  if (passed !== undefined && passed !== null && typeof passed !== 'boolean') {
    throw new TypeError(`it returned ${shown(passed)} as "passed", which must be true or false.`);
  }
  if (reason !== undefined && reason !== null && typeof reason !== 'string') {
    throw new TypeError(`it returned ${shown(reason)} as "reason", which must be text.`);
  }
  const decided = typeof passed === 'boolean' ? passed : undefined;
  const found = value ?? decided;
  return {
    value: toValue(found, scale),
    ...(decided === undefined ? passedOf(found) : { passed: decided }),
    ...(typeof reason === 'string' && { reason }),
  };
}

/** True or false says whether the answer passes. */
const passedOf = (value: unknown) => (typeof value === 'boolean' ? { passed: value } : {});

const HIGHEST: Readonly<Record<Scale, number>> = {
  'yes-no': 1,
  '0-1': 1,
  '0-100': 100,
  count: Number.POSITIVE_INFINITY,
};

function toValue(value: unknown, scale: Scale): number {
  if (typeof value === 'boolean') return Number(value);
  if (value === undefined || value === null) throw new TypeError(`it returned nothing. ${EXPECTED}`);
  if (typeof value !== 'number') throw new TypeError(`it returned ${shown(value)}. ${EXPECTED}`);
  const isOnScale = value <= HIGHEST[scale] && (scale === 'count' || value >= 0);
  if (isOnScale && (scale !== 'yes-no' || Number.isInteger(value))) return value;
  const named = scale === 'yes-no' ? '0 or 1' : scale.replace('-', '–');
  throw new RangeError(`it returned ${value}, which is not on the scale ${named}. Set "scale" to what it returns.`);
}

const EXPECTED = 'Return a number, true or false, or a map with "value", "passed" and "reason".';

function shown(value: unknown): string {
  const text = /^(?:NaN|-?Infinity)$/.test(String(value)) ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
