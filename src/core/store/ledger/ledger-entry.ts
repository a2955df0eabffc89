/** What a request was made for; more are added with the features that spend. */
export type LedgerPurpose = 'run' | 'evaluation';

/** One request that costs. */
export interface LedgerEntry {
  /** Unique; an entry that is added again replaces the first one. A run's is the run's ID. */
  id: string;
  /** When it began, epoch milliseconds: the day to which it counts. */
  at: number;
  /** Undefined for an application of the user. */
  connection: string | undefined;
  /** As runs record it, `connection/model`; undefined for an application of the user. */
  model: string | undefined;
  purpose: LedgerPurpose;
  /** Undefined if the cost is unknown. */
  usd: number | undefined;
  /** Nobody pays for it: it is not counted as spent. */
  simulated: boolean;
  /** The cost is the highest possible one: the request is in flight, or ended without saying what it cost. */
  reserved?: boolean | undefined;
  /** The result that it belongs to, whose own budget counts it. */
  evaluation?: string | undefined;
}

/** Which requests still fit into what is left since a time. */
export interface LedgerLimit {
  since: number;
  /** Undefined: everything fits. */
  limitUsd: number | undefined;
  /** Entries that are not counted, because the caller knows their costs. */
  except: readonly string[];
}

export interface Reserved {
  /** Without the given entries and the exceptions. */
  spentUsd: number;
  /** For each entry, whether it was added. */
  granted: boolean[];
}

/** Known costs, without simulated ones. */
export interface Spent {
  usd: number;
  requests: number;
  /** Of the requests, those whose cost is unknown. */
  unknown: number;
  /** Of the requests, those that are counted at their highest possible cost. */
  reserved: number;
}

export interface SpentByDay extends Spent {
  /** `2026-11-30`, in the time zone of the user. */
  day: string;
}

export interface SpentByPurpose extends Spent {
  purpose: LedgerPurpose;
}

export interface SpentByModel extends Spent {
  model: string | undefined;
}

export interface SpentOnEvaluation {
  usd: number;
  /** The part of it that is the highest possible cost of requests. */
  reservedUsd: number;
  reservedRequests: number;
}
