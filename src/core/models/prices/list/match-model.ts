import type { ListModel, ListProvider, Match } from './price-list.ts';

/**
 * Suffixes that do not change a model: the date or number of a release, a stage, or the version of a deployment.
 * Another number (`-5` after `sonnet-5`) or another word (`-mini`) is another model with another price.
 */
const RELEASE =
  /^(?:[-@:](?:latest|default|preview|exp|experimental|beta|stable|\d{4}-\d{2}-\d{2}|\d{2}-\d{2}|\d{2}-\d{4}|\d{3,4}|\d{6}|\d{8}|v\d{1,2}|\d{1,2}(?=:))|:\d{1,2})+$/;
/** Tuned models have a suffix with their organization and their own name. */
const TUNED = /^ft:|[.]ft-/;
/** All sizes of Gemma are listed as one. */
const SIZE = /^-e?\d{1,3}b(?:-it)?$/;
/** What may precede a name: the parts of a path, of an ARN or of a Bedrock id. */
const BEFORE = /[/.:@~]$/;
/** No model has a longer id, and patterns of a fetched list are matched against ids. */
const LONGEST_ID = 256;

/** The model of a list for an id; undefined rather than a model with a merely similar name. */
export function findModel(
  provider: ListProvider,
  id: string,
  providers: readonly ListProvider[],
): ListModel | undefined {
  if (id.length > LONGEST_ID) return undefined;
  const name = id.toLowerCase().trim();
  const found = findIn(provider, name, providers);
  if (found) return found;
  const dashed = name.replace(/-(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=-|:|$)/g, '-$1-$2-$3');
  return dashed === name ? undefined : findIn(provider, dashed, providers);
}

function findIn(provider: ListProvider, name: string, providers: readonly ListProvider[]): ListModel | undefined {
  const own = provider.models.find(({ match }) => matches(match, name));
  if (own) return own;
  for (const other of provider.fallback_model_providers ?? []) {
    const found = providers.find(({ id }) => id === other)?.models.find(({ match }) => matches(match, name));
    if (found) return found;
  }
  return undefined;
}

function matches(match: Match, name: string): boolean {
  if ('or' in match) return match.or.some((one) => matches(one, name));
  if ('and' in match) return match.and.every((one) => matches(one, name));
  if ('equals' in match) return match.equals.toLowerCase() === name;
  if ('starts_with' in match) return startsWith(name, match.starts_with.toLowerCase());
  if ('ends_with' in match) {
    const text = match.ends_with.toLowerCase();
    return name.endsWith(text) && isBoundary(name.slice(0, name.length - text.length));
  }
  if ('contains' in match) return contains(name, match.contains.toLowerCase());
  return matchesPattern(match.regex, name);
}

/** A pattern that ends with any digit means a release, whose first digit that is. */
function matchesPattern(regex: string, name: string): boolean {
  const found = compiled(regex).exec(name);
  if (!found || !regex.endsWith('\\d')) return found !== null;
  const end = found.index + found[0].length - 1;
  return continues(name.slice(0, end), name.slice(end));
}

function startsWith(name: string, text: string): boolean {
  return name.startsWith(text) && continues(text, name.slice(text.length));
}

function contains(name: string, text: string): boolean {
  for (let at = name.indexOf(text); at >= 0; at = name.indexOf(text, at + 1)) {
    if (isBoundary(name.slice(0, at)) && continues(text, name.slice(at + text.length))) return true;
  }
  return false;
}

function continues(text: string, rest: string): boolean {
  if (rest === '' || TUNED.test(text)) return true;
  // The list includes the separator after some names.
  const separator = /[-@:]$/.exec(text)?.[0] ?? '';
  return RELEASE.test(separator + rest) || (text.startsWith('gemma') && SIZE.test(separator + rest));
}

function isBoundary(before: string): boolean {
  return before === '' || BEFORE.test(before);
}

const patterns = new Map<string, RegExp>();

function compiled(source: string): RegExp {
  const known = patterns.get(source) ?? new RegExp(source);
  patterns.set(source, known);
  return known;
}

/** The provider of this address; `https://api.openai.com.example` only begins like one. */
export function findProviderByUrl(providers: readonly ListProvider[], url: string): ListProvider | undefined {
  return providers.find(({ api_pattern }) => {
    const found = compiled(`^(?:${api_pattern})`).exec(url)?.[0];
    return found !== undefined && !(/[a-z0-9]$/i.test(found) && /^[a-z0-9.-]/i.test(url.slice(found.length)));
  });
}
