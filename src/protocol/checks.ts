import * as v from 'valibot';
import type { Methods } from './rpc.ts';

/** The schemas of a request's fields, each of which has one. */
type Fields<Params> = Params extends object ? { [Field in keyof Params]-?: v.GenericSchema } : never;

/** What each method's params must be: a schema for each field, or one for all of them. */
export type ParamSchemas<M extends Methods<M>> = {
  [Name in keyof M]: v.GenericSchema | Fields<M[Name]['params']>;
};

export type ParamChecks<M extends Methods<M>> = {
  [Name in keyof M]: (params: unknown) => params is M[Name]['params'];
};

/** Checks of what a page sends. It shows models' text, so nothing in it is believed. */
export function createChecks<M extends Methods<M>>(schemas: ParamSchemas<M>): ParamChecks<M> {
  const entries = Object.entries(schemas) as [string, v.GenericSchema | v.ObjectEntries][];
  const checks = entries.map(([name, given]) => {
    const schema = isSchema(given) ? given : fields(given);
    return [name, (params: unknown) => v.is(schema, params)];
  });
  return Object.fromEntries(checks);
}

function isSchema(given: v.GenericSchema | v.ObjectEntries): given is v.GenericSchema {
  return typeof given['~run'] === 'function';
}

/** An object, and no list. */
export const map = v.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** A map with these fields; others are ignored. */
export function fields<Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(map, v.object(entries));
}

/** The params of a method that takes none, whatever they are. */
export const nothing = v.unknown();

export const finiteNumber = v.pipe(v.number(), v.finite());
