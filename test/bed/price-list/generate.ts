/**
 * Generates the built-in price list, and the reference costs that a test compares ours with.
 *
 *   mkdir genai litellm && pip download --no-deps genai-prices litellm
 *   unzip -q genai_prices-*.whl -d genai
 *   unzip -q litellm-*.whl 'litellm/model_prices*' 'litellm-*.dist-info/*' -d litellm
 *   node test/bed/price-list/generate.ts genai litellm [2026-11-29]
 *
 * Both packages are MIT. genai-prices has precedence and is not changed; litellm adds what it lacks (see build-list.ts).
 * Disagreements are printed: read them before committing. The date is that of the prices, today by default.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Built, buildList, type Compared } from './build-list.ts';
import { readGenaiPrices, readVersion } from './read-genai-prices.ts';
import { readLitellm } from './read-litellm.ts';
import { makeCases } from './reference-costs.ts';

const LIST = new URL('../../../src/core/models/prices/list/built-in-list.json', import.meta.url);
const CASES = new URL('../../fixtures/prices/reference-costs.json', import.meta.url);

const [genai, litellm, day = new Date().toISOString().slice(0, 10)] = process.argv.slice(2);
if (genai === undefined || litellm === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(day)) {
  console.error('Usage: node test/bed/price-list/generate.ts <unpacked genai-prices> <unpacked litellm> [YYYY-MM-DD]');
  process.exit(2);
}

const now = Date.parse(`${day}T12:00:00Z`);
const versions = {
  genai: `genai-prices ${readVersion(genai, 'genai_prices', readdirSync(genai))}`,
  litellm: `litellm ${readVersion(litellm, 'litellm', readdirSync(litellm))}`,
};
const listed = readGenaiPrices(genai);
const references = readLitellm(litellm);
const built = buildList(listed, references, { now, source: versions.litellm });
const cases = makeCases(built.compared);
writeFileSync(LIST, listText(built));
writeFileSync(CASES, `${JSON.stringify({ date: day, sources: versions, cases }, undefined, 1)}\n`);
report(built);

/** One model per line, so that a new version shows as the changed models. */
function listText({ providers }: Built): string {
  const licenses = [
    [versions.genai, licenseOf(genai ?? '')],
    [versions.litellm, licenseOf(litellm ?? '')],
  ].map(([name, license]) => `The license of ${name}:\n\n${license}`);
  const notice = [
    `Prices of ${versions.genai} and, where a model names it as its source, of ${versions.litellm}.`,
    ...licenses,
  ].join('\n\n');
  const head = { source: versions.genai, comparedWith: versions.litellm, date: day, notice };
  const lines = providers.map(({ models, ...provider }) => {
    const rows = models.map((model) => `      ${JSON.stringify(model)}`).join(',\n');
    return `    ${JSON.stringify(provider).slice(0, -1)},"models":[\n${rows}\n    ]}`;
  });
  return `${JSON.stringify(head, undefined, 2).slice(0, -2)},\n  "providers": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

function licenseOf(folder: string): string {
  const file = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) =>
    /licenses[\\/]LICENSE$/.test(name),
  );
  // Both licenses require their texts in every copy, so the list is not generated without them.
  if (file === undefined) throw new Error(`${folder} has no license: unpack the whole package.`);
  return readFileSync(path.join(folder, file), 'utf8').trim();
}

function report({ providers, compared, added, filled }: Built): void {
  const models = providers.reduce((sum, provider) => sum + provider.models.length, 0);
  console.log(`${models} models of ${providers.length} providers: ${versions.genai}, ${versions.litellm}, ${day}.`);
  console.log(`${added.length} models are only in ${versions.litellm} and were added:\n  ${added.join('\n  ')}`);
  console.log(`${filled.length} models have kinds of prices from there:\n  ${filled.join('\n  ')}`);
  const differing = compared.filter(({ agrees }) => !agrees);
  console.log(`${compared.length} models are in both, ${differing.length} differ; ours is first:`);
  for (const one of differing) console.log(`  ${describe(one)}`);
  console.log(`${cases.length} reference costs.`);
}

function describe({ provider, id, listed: ours, reference }: Compared): string {
  const both = ['input_mtok', 'output_mtok'].map(
    (name) => `${name} ${JSON.stringify(ours[name]) ?? '—'} / ${JSON.stringify(reference.prices[name]) ?? '—'}`,
  );
  return `${provider} ${id}: ${both.join(', ')}`;
}
