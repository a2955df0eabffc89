import { inputName } from '../../../shared/input-path.ts';
import type { InputProblem } from '../prompt.ts';

/** `age is missing`, `age: “seven” is not a number`: a clause, without a full stop. */
export function describeProblem({ path, message }: InputProblem): string {
  const isSentence = /^\p{Lu}|^“/u.test(message);
  return `${inputName(path)}${isSentence ? ':' : ''} ${message.replace(/\.$/, '')}`;
}
