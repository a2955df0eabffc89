import type { Room, RoomContext } from '../room.ts';

/** What was spent. So far only runs cost something, so it has no table of its own and reads theirs. */
export const ledgerRoom = {
  tables: [],
  methods: {
    /**
     * Dollars of runs started since: known costs only, and not those of these ids or of demo models, which have prices so that
     * a comparison shows costs, and which nobody pays.
     */
    spentUsd({ db }: RoomContext, since: number, except: readonly string[] = []): number {
      const row = db
        .prepare(
          `SELECT sum(cost_usd) AS spent FROM runs
          WHERE started_at >= ? AND simulated = 0 AND id NOT IN (SELECT value FROM json_each(?))`,
        )
        .get(since, JSON.stringify(except));
      return Number(row?.spent ?? 0);
    },
  },
} satisfies Room;
