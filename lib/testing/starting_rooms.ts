// The rooms that a served fake starts with: some of each kind, with a past.
import type { Room } from "../core/rooms.ts";
import { compose } from "./file_routes.ts";
import { settle } from "./due.ts";
import type { Parts } from "./parts.ts";
import { activeSession, timestamp } from "./state.ts";

const minuteMs = 60_000;

/** The id of a starting room: that of the reference page, and those after it. */
const idOf = (n: number) => `7b61621f-62e0-4aad-ab11-9fd19e272e${n}`;

/** The id of the room that examples name. */
export const startingRoomId = idOf(73);

/** The rooms, and how many minutes ago each was made. */
const rooms: [minutesAgo: number, room: Room][] = [
  [4000, { id: idOf(73), unique_name: "stand-up", max_participants: 8 }],
  [2900, {
    id: idOf(83),
    unique_name: "customer-call",
    max_participants: 6,
    enable_recording: true,
  }],
  [1700, { id: idOf(93), unique_name: "interview", max_participants: 2 }],
  [1500, {
    id: "2f0b1f6e-58a4-4c0e-9d1b-6f6f3f0f5a11",
    unique_name: "all-hands",
    max_participants: 50,
    enable_recording: true,
  }],
  [300, {
    id: "a0f4d8b2-6f0e-4c55-b1f6-2f6b0c9be832",
    unique_name: null,
    max_participants: 10,
  }],
  [120, {
    id: "c5ad6f5a-4f63-4f0b-9a7e-0d3b8a1d2f10",
    unique_name: "book-club",
    max_participants: 12,
  }],
];

/** What happened in a room: who came, went (with a minus), or that it ended. */
const past: [minutesAgo: number, room: number, what: string][] = [
  [118, 3, "Grace"],
  [117, 3, "Omar"],
  [115, 3, "Lena"],
  [112, 3, "Priya"],
  [101, 3, "-Omar"],
  [95, 3, "end"],
  [94, 0, "Ada"],
  [93, 0, "Ben"],
  [91, 0, "Chloe"],
  [79, 0, "end"],
  [64, 5, "Nora"],
  [62, 5, "Jonas"],
  [48, 5, "end"],
  [31, 1, "Ines"],
  [29, 1, "Mateo"],
  [26, 1, "Kofi"],
  [22, 2, "Fatima"],
  [21, 2, "Hiro"],
  [17, 1, "-Kofi"],
  [14, 0, "Ada"],
  [12, 0, "Ben"],
  [11, 0, "Dev"],
  [5, 0, "-Dev"],
  [3, 0, "Chloe"],
];

/** Adds the rooms that are not there, with what has happened in them. */
export function addStartingRooms({ fake, state, clock, outbox }: Parts): void {
  const now = state.now();
  const { aheadMs } = clock;
  const missing = rooms.map(([minutesAgo, room]) => {
    if (state.rooms.get(room.id)) return false;
    const at = timestamp(now - minutesAgo * minuteMs);
    fake.addRoom({ ...room, created_at: at, updated_at: at });
    return true;
  });
  outbox.isQuiet = true;
  try {
    for (const [minutesAgo, index, what] of past) {
      const id = rooms[index]?.[1].id;
      if (!missing[index] || id === undefined) continue;
      clock.aheadMs = aheadMs - minutesAgo * minuteMs;
      const person = fake.present(id)
        .find(({ context }) => what === `-${context}`);
      const session_id = activeSession(state, id)?.id;
      if (what === "end") fake.endSession(id);
      else if (person) fake.leave(person.id);
      else fake.join(id, { context: what });
      if (what === "end" && index === 3) compose(state, { session_id });
    }
  } finally {
    clock.aheadMs = aheadMs;
    settle(state);
    outbox.isQuiet = false;
  }
}
