import { toJson } from '../database/json.ts';
import type { Room, RoomContext } from '../room.ts';

export const STATE_1 = `
CREATE TABLE workspace_values (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`;

/** Small JSON values of this workspace: a panel's last inputs, cached model lists. */
export const stateRoom = {
  tables: ['workspace_values'],
  methods: {
    get({ db }: RoomContext, key: string): unknown {
      const row = db.prepare('SELECT value FROM workspace_values WHERE key = ?').get(key);
      return typeof row?.value === 'string' ? JSON.parse(row.value) : undefined;
    },
    /** Undefined removes the value. */
    set({ db }: RoomContext, key: string, value: unknown): void {
      const json = toJson(value);
      if (json === undefined) db.prepare('DELETE FROM workspace_values WHERE key = ?').run(key);
      else db.prepare('INSERT OR REPLACE INTO workspace_values (key, value) VALUES (?, ?)').run(key, json);
    },
  },
} satisfies Room;
