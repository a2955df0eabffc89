import type { Room, RoomContext } from '../room.ts';

/** What was spent. So far only runs cost anything, so it has no table of its own and reads theirs. */
export const ledgerRoom = {
  tables: [],
  methods: {
    /** Dollars spent since: known costs only, without the given ids and demo models, whose prices nobody pays. */
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
