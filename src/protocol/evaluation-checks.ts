import * as v from 'valibot';
import { createChecks, fields, map, noParams } from './checks.ts';
import { compareChecks } from './compare-checks.ts';
import type { EvaluationMethods } from './evaluation.ts';

/** A search goes through all answers, and no user types more. */
const shortText = v.pipe(v.string(), v.maxLength(1000));
const text = v.pipe(v.string(), v.maxLength(1_000_000));
const place = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const repeat = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const ranges = v.array(v.strictTuple([place, place]));

/** Allowed fields, so that no other field reaches the database. */
const filter = v.strictObject({
  state: v.optional(v.picklist(['failed', 'errors', 'regressed', 'improved', 'changed', 'flaky'])),
  metric: v.optional(shortText),
  tag: v.optional(shortText),
  text: v.optional(shortText),
  isRegex: v.optional(v.boolean()),
  column: v.optional(place),
});

const sort = v.strictObject({
  by: v.picklist(['number', 'id', 'score', 'change', 'cost', 'latency', 'state']),
  column: v.optional(place),
  metric: v.optional(shortText),
  descending: v.boolean(),
});

const changes = v.strictObject({
  inputs: v.optional(map),
  expected: v.optional(v.array(v.unknown())),
  tags: v.optional(v.array(shortText)),
});

const yesNo = v.exactOptional(v.nullable(v.boolean()));
const ratingChanges = v.strictObject({
  rating: v.exactOptional(v.nullable(v.picklist(['up', 'down']))),
  csat: v.exactOptional(v.nullable(v.picklist([1, 2, 3, 4, 5]))),
  completed: yesNo,
  escalated: yesNo,
  comment: v.exactOptional(v.nullable(text)),
});

/** The valid params of requests from the Evaluation panel. */
export const evaluationChecks = createChecks<EvaluationMethods>({
  snapshot: noParams,
  'list.open': {
    filter,
    sort,
    grouping: v.picklist(['none', 'state', 'tag', 'group']),
    folds: v.optional(v.strictObject({ all: v.boolean(), others: v.array(text) })),
    shown: place,
    places: fields({ selection: ranges, active: v.nullish(place), first: v.nullish(place) }),
  },
  'rows.read': { list: place, from: place, count: place },
  'group.find': { list: place, row: place },
  'case.read': { place },
  'case.messages': { place, column: place },
  'case.history': { place },
  'case.edit': { place, changes },
  'case.open': { place },
  'answer.rate': {
    place,
    column: place,
    repeat,
    changes: ratingChanges,
  },
  'answer.copy': { place, column: place, repeat },
  'prompt.change': { column: place },
  'prompt.diff': { column: place },
  'figures.read': { metric: v.nullish(shortText) },
  'results.list': noParams,
  'against.set': { id: v.nullable(shortText) },
  'result.open': { id: shortText },
  'result.pin': { isPinned: v.boolean() },
  'result.delete': noParams,
  'result.export': {
    format: v.picklist(['html', 'csv', 'json', 'jsonl', 'markdown', 'junit', 'promptfoo', 'failed-rows', 'pairs']),
  },
  'file.open': noParams,
  'run.control': { action: v.picklist(['pause', 'continue', 'stop', 'resume', 'rescore']) },
  'run.again': {
    what: v.union([v.picklist(['all', 'failed', 'errors', 'changed']), fields({ list: place, ranges })]),
  },
  'action.run': v.custom(compareChecks['action.run']),
  'link.open': v.custom(compareChecks['link.open']),
});
