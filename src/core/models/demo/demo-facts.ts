import type { ChatRequest } from '../chat-model.ts';

/** A statement "Name: value" in the prompt's text, which an answer can refer to. */
export interface Fact {
  name: string;
  value: string;
}

const LINE = /^[\s>*\-•|]*"?\**([A-Za-z][\w ,.()/%'-]{1,40}?)\**"?\s*[:=|]\s*"?([^\n"|]{1,80}?)"?[\s,|]*$/;
const MOST_FACTS = 12;

/** The statements in the user's side of the conversation, in order, each name once. */
export function findFacts(request: ChatRequest): Fact[] {
  const facts = new Map<string, Fact>();
  const lines = userText(request).split('\n');
  for (const [index, line] of lines.entries()) {
    const match = LINE.exec(line);
    const isTableHead = /^\s*\|?\s*:?-{3}/.test(lines[index + 1] ?? '');
    if (!match?.[1] || !match[2] || isTableHead || /^https?$/i.test(match[1])) continue;
    const fact = { name: readable(match[1]), value: match[2].trim() };
    if (fact.value !== '' && !/[:{[]$/.test(fact.value) && !facts.has(fact.name)) facts.set(fact.name, fact);
    if (facts.size === MOST_FACTS) break;
  }
  return [...facts.values()];
}

/** The text of all user turns, which the answer is about. */
export function userText({ messages }: ChatRequest): string {
  return messages
    .filter(({ role }) => role === 'user')
    .flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])))
    .join('\n');
}

/** The first real sentence of the last user turn, shortened: what the answer repeats as the question. */
export function askedFor(request: ChatRequest): string {
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
  fact: Fact;
  verdict: 'bad' | 'good';
}

/** Rates the statements that this simple model understands. */
export function readFacts(facts: readonly Fact[]): Reading[] {
  return facts.flatMap((fact): Reading[] => {
    const number = Number(/-?\d+(\.\d+)?/.exec(fact.value.replaceAll(',', ''))?.[0] ?? Number.NaN);
    const sign = SIGNS.find(({ name }) => name.test(fact.name));
    if (sign && !Number.isNaN(number)) return [{ fact, verdict: sign.isBad(number) ? 'bad' : 'good' }];
    if (/\b(declin\w*|drop\w*|down|angry|frustrat\w*|cancel\w*|negative|poor|unhappy)\b/i.test(fact.value)) {
      return [{ fact, verdict: 'bad' }];
    }
    return /\b(grow\w*|up|happy|positive|good|excellent)\b/i.test(fact.value) ? [{ fact, verdict: 'good' }] : [];
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
