import { UserError } from '../../base/errors.ts';
import type { GateSpec } from './eval-spec.ts';
import { type GateContext, readGate } from './read-gates.ts';

const EXPRESSION = /^\s*([^<>=\s]+)\s*(>=|<=)\s*(-?(?:\d+|\d*\.\d+)(?:e-?\d+)?)\s*$/i;

/**
 * A gate of the command line: `equals>=0.8`, `levenshtein<=5`, `costUsd<=0.5`, `latencyMs<=2000`, `pass^k(equals)>=0.9`.
 * Throws UserError `usage`.
 */
export function parseGateExpression(text: string, context: GateContext): GateSpec {
  const [, subject = '', operator = '', number = ''] = EXPRESSION.exec(text) ?? [];
  if (subject === '') {
    throw wrong(
      text,
      'is not a gate',
      'Write a metric, >= or <=, and a number, such as "equals>=0.8" or "costUsd<=0.5".',
    );
  }
  const value = Number(number);
  const ofRun = subject === 'costUsd' || subject === 'latencyMs';
  const ofAll = /^pass\^k\((.+)\)$/.exec(subject)?.[1];
  if (ofRun && value < 0) throw wrong(text, 'cannot be used', `${subject} is never less than 0.`);
  if (ofAll !== undefined && (value < 0 || value > 1)) throw wrong(text, 'cannot be used', 'pass^k is from 0 to 1.');
  const fields = ofRun
    ? { [subject]: value }
    : ofAll === undefined
      ? { metric: subject, threshold: value }
      : { metric: ofAll, 'pass^k': value };
  const gate = readGate(fields, context);
  if ('problem' in gate) throw wrong(text, 'cannot be used', capitalized(gate.problem));
  const metric = context.metrics.find(({ name }) => name === subject);
  const expected = ofRun || metric?.direction === 'lower' ? '<=' : '>=';
  if (operator !== expected) {
    const better = expected === '<=' ? 'less' : 'more';
    throw wrong(text, 'has the wrong direction', `For ${subject}, ${better} is better: use ${expected}.`);
  }
  return gate;
}

function wrong(text: string, what: string, hint: string): UserError {
  return new UserError(`--gate ${text} ${what}.`, { code: 'usage', hint });
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
