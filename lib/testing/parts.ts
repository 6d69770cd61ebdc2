// What a fake consists of, for the parts of it that do more than its methods.
import type { Activity } from "./activity.ts";
import type { FakeRooms } from "./fake_rooms.ts";
import type { Log } from "./log.ts";
import type { State } from "./state.ts";
import type { Outbox } from "./webhooks.ts";

export interface Parts {
  fake: FakeRooms;
  state: State;
  log: Log;
  outbox: Outbox;
  /** How far its clock is ahead, in milliseconds. */
  clock: { aheadMs: number };
  activity: Activity;
  /** The simulation that runs, if one does. */
  simulation?: { seed: number; stop(): void };
  /** Called after a reset. */
  onReset?: () => void;
}

const all = new WeakMap<FakeRooms, Parts>();

export function keepParts(parts: Parts): void {
  all.set(parts.fake, parts);
}

export function partsOf(fake: FakeRooms): Parts {
  const parts = all.get(fake);
  if (!parts) throw new TypeError("It must be what fakeRooms() returned");
  return parts;
}
