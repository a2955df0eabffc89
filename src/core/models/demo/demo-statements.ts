import type { ChatRequest } from '../chat-model.ts';

/** A statement "Name: value" in the prompt's text, which an answer can refer to. */
export interface Statement {
  name: string;
  value: string;
}

const LINE = /^[\s>*\-•|]*"?\**([A-Za-z][\w ,.()/%'-]{1,40}?)\**"?\s*[:=|]\s*"?([^\n"|]{1,80}?)"?[\s,|]*$/;
const MOST_STATEMENTS = 12;

/** The statements in the user's side of the conversation, in order, each name once. */
export function findStatements(request: ChatRequest): Statement[] {
  const statements = new Map<string, Statement>();
  const lines = userText(request).split('\n');
  for (const [index, line] of lines.entries()) {
    const match = LINE.exec(line);
    const isTableHead = /^\s*\|?\s*:?-{3}/.test(lines[index + 1] ?? '');
    if (!match?.[1] || !match[2] || isTableHead || /^https?$/i.test(match[1])) continue;
    const statement = { name: readable(match[1]), value: match[2].trim() };
    if (statement.value !== '' && !/[:{[]$/.test(statement.value) && !statements.has(statement.name))
      statements.set(statement.name, statement);
    if (statements.size === MOST_STATEMENTS) break;
  }
  return [...statements.values()];
}

/** The text of all user turns, which the answer is about. */
export function userText({ messages }: ChatRequest): string {
  return messages
    .filter(({ role }) => role === 'user')
    .flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])))
    .join('\n');
}

/** The first real sentence of the last user turn, shortened: what the answer repeats as the question. */
export function questionOf(request: ChatRequest): string {
  const last = request.messages.findLast(({ role }) => role === 'user');
  const text = last?.parts.map((part) => (part.type === 'text' ? part.text : '')).join(' ') ?? '';
  const sentence = /[^\n.?!]{3,}[.?!]?/.exec(text.replace(/\s+/g, ' ').trim())?.[0]?.trim() ?? 'nothing in words';
  return sentence.length > 90 ? `${sentence.slice(0, 89)}…` : sentence;
}

/** Signs that a situation is bad, by a name and a threshold on its number; for risk-like questions. */
const SIGNS: readonly { name: RegExp; isBad(value: number): boolean }[] = [
  { name: /ticket|complaint|incident|error|failure|escalation|bug/i, isBad: (value) => value >= 3 },
  { name: /since.*(login|active|seen|order|purchase)|inactive|overdue|late/i, isBad: (value) => value >= 14 },
  { name: /nps|satisf|csat|rating|health/i, isBad: (value) => value <= 6 },
  { name: /usage|active users|logins|engagement|adoption|sessions/i, isBad: (value) => value < 40 },
  { name: /tenure|age of account/i, isBad: (value) => value < 12 },
];

export interface Reading {
  statement: Statement;
  verdict: 'bad' | 'good';
}

/** Rates the statements that this simple model understands. */
export function rateStatements(statements: readonly Statement[]): Reading[] {
  return statements.flatMap((statement): Reading[] => {
    const number = Number(/-?\d+(\.\d+)?/.exec(statement.value.replaceAll(',', ''))?.[0] ?? Number.NaN);
    const sign = SIGNS.find(({ name }) => name.test(statement.name));
    if (sign && !Number.isNaN(number)) return [{ statement, verdict: sign.isBad(number) ? 'bad' : 'good' }];
    if (/\b(declin\w*|drop\w*|down|angry|frustrat\w*|cancel\w*|negative|poor|unhappy)\b/i.test(statement.value)) {
      return [{ statement, verdict: 'bad' }];
    }
    return /\b(grow\w*|up|happy|positive|good|excellent)\b/i.test(statement.value)
      ? [{ statement, verdict: 'good' }]
      : [];
  });
}

/** From 0 (all is well) to 1; undefined if the text contains nothing to rate. */
export function severity(readings: readonly Reading[]): number | undefined {
  if (readings.length === 0) return undefined;
  return readings.filter(({ verdict }) => verdict === 'bad').length / readings.length;
}

function readable(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
