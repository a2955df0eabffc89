import * as v from 'valibot';
import { createChecks, fields, finiteNumber, noParams } from './checks.ts';
import { compareChecks } from './compare-checks.ts';
import type { RunsMethods } from './runs.ts';

/** A search is an expression that SQLite evaluates, and no user types more. */
const shortText = v.pipe(v.string(), v.maxLength(1000));

/** Allowed fields, so that no other field reaches SQL. */
const filter = v.strictObject({
  promptPath: v.optional(shortText),
  model: v.optional(shortText),
  search: v.optional(shortText),
  rating: v.optional(v.picklist(['up', 'down', 'any'])),
  state: v.optional(v.picklist(['streaming', 'done', 'failed', 'stopped', 'interrupted'])),
  since: v.optional(finiteNumber),
  until: v.optional(finiteNumber),
});

const sort = fields({
  by: v.picklist(['started', 'prompt', 'version', 'model', 'state', 'latency', 'tokens', 'cost', 'rating']),
  descending: v.boolean(),
});

const place = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const ranges = v.array(v.strictTuple([place, place]));

/** The valid params of requests from the Runs panel. */
export const runsChecks = createChecks<RunsMethods>({
  snapshot: noParams,
  'choices.read': noParams,
  'list.open': {
    filter,
    sort,
    shown: place,
    places: fields({ selection: ranges, active: v.nullish(place), first: v.nullish(place) }),
  },
  'rows.read': { list: place, from: place, count: place },
  'days.read': { filter },
  'run.open': { list: place, row: place },
  'runs.compare': { list: place, ranges },
  'runs.export': { list: place, ranges, format: v.picklist(['csv', 'jsonl']) },
  'action.run': v.custom(compareChecks['action.run']),
});
