import { evalsRoom } from './evals/evals-room.ts';
import { jobsRoom } from './jobs/jobs-room.ts';
import { ledgerRoom } from './ledger/ledger-room.ts';
import { runsRoom } from './runs/runs-room.ts';
import { stateRoom } from './state/state-room.ts';

/** Every part of the database with its own tables and methods: `runs.list` is a method of the room `runs`. */
export const ROOMS = { runs: runsRoom, state: stateRoom, jobs: jobsRoom, ledger: ledgerRoom, evals: evalsRoom };

export type Rooms = typeof ROOMS;
export type RoomName = keyof Rooms;
