import * as v from 'valibot';
import { isRecord } from '../shared/is-record.ts';
import type { Methods } from './rpc.ts';

/** The schemas of a request's fields, all of which need one. */
type Fields<Params> = Params extends object ? { [Field in keyof Params]-?: v.GenericSchema } : never;

/** The params of each method: a schema for each field, or one for the whole object. */
type ParamSchemas<M extends Methods<M>> = {
  [Name in keyof M]: v.GenericSchema | Fields<M[Name]['params']>;
};

export type ParamChecks<M extends Methods<M>> = {
  [Name in keyof M]: (params: unknown) => params is M[Name]['params'];
};

/** Checks of the requests of a page. A page shows text from models, so its requests are not trusted. */
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

/** An object that is not an array. */
export const map = v.custom<Record<string, unknown>>(isRecord);

/** An object with these fields. Other fields are ignored. */
export function fields<Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(map, v.object(entries));
}

/** The params of a method without params, which are ignored. */
export const noParams = v.unknown();

export const finiteNumber = v.pipe(v.number(), v.finite());
