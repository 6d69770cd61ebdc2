import type { Room, RoomParticipant, RoomSession } from "@videorooms/telnyx";
import { plural } from "./units.ts";

/** The choices on the page: rooms of the fake, and ids that have no room. */
export const choices: readonly { id: string; name: string }[] = [
  { id: "7b61621f-62e0-4aad-ab11-9fd19e272e73", name: "Stand-up" },
  { id: "c5ad6f5a-4f63-4f0b-9a7e-0d3b8a1d2f10", name: "Town hall" },
  { id: "1e9b6f0c-93c1-4b7a-8f43-5f2f4f0f7c21", name: "Book club" },
  { id: "a0f4d8b2-6f0e-4c55-b1f6-2f6b0c9be832", name: "A room without a name" },
  { id: "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0", name: "No such room" },
  { id: "stand-up", name: "Not a UUID" },
];

const minute = 60_000;

/** A timestamp as the provider writes it, with microseconds. */
function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}

/** A stay: who, and how many minutes ago they joined and left. */
type Stay = [context: string, joined: number, left?: number];

/** The rooms that the fake starts with; their times are relative to `now`. */
export function sampleRooms(now: number): Room[] {
  const ago = (minutes: number) => timestamp(now - minutes * minute);
  let count = 0;
  const nextId = () =>
    `5e551011-0000-4000-8000-${String(++count).padStart(12, "0")}`;

  function session(started: number, ended: number | undefined, stays: Stay[]) {
    const result: RoomSession = {
      id: nextId(),
      active: ended === undefined,
      created_at: ago(started),
      updated_at: ago(ended ?? 0),
      participants: stays.map(([context, joined, left]): RoomParticipant => ({
        id: nextId(),
        context,
        joined_at: ago(joined),
        updated_at: ago(left ?? joined),
        ...left === undefined ? {} : { left_at: ago(left) },
      })),
    };
    if (ended !== undefined) result.ended_at = ago(ended);
    return result;
  }

  const [standUp, townHall, bookClub, nameless] = choices.map((
    { id, name },
  ) => ({
    id,
    unique_name: name,
    created_at: ago(30 * 24 * 60),
    updated_at: ago(180),
  }));
  return [
    {
      ...standUp,
      max_participants: 12,
      sessions: [
        session(42, undefined, [["Alice", 42], ["Bob", 38, 12], ["Carol", 25]]),
        session(150, 104, [["Alice", 150, 104], ["Dave", 141, 110]]),
      ],
    },
    {
      ...townHall,
      max_participants: 200,
      enable_recording: true,
      webhook_event_url: "https://hooks.example.com/rooms",
      webhook_event_failover_url: "https://failover.example.com/rooms",
      webhook_timeout_secs: 25,
      sessions: [
        session(17, undefined, [["Grace", 17], ["Alan", 15], ["Edsger", 9, 4]]),
      ],
    },
    {
      ...bookClub,
      max_participants: 8,
      sessions: [
        session(100, 40, [["Emily", 100, 40], ["Jane", 92, 55]]),
        session(230, 170, [["Emily", 230, 170], ["Mary", 228, 171]]),
      ],
    },
    { ...nameless, unique_name: null, max_participants: 4 },
  ] as Room[];
}

/** The room's active session. */
export function activeSession(room: Room): RoomSession | undefined {
  return room.sessions?.find(({ active }) => active);
}

/** The participants who are in the session now. */
export function present(session: RoomSession): RoomParticipant[] {
  return (session.participants ?? []).filter(({ left_at }) => !left_at);
}

/** Whether a room is in session; works without `includeSessions`, too. */
export function isLive(room: Room): boolean {
  return Boolean(room.active_session_id || activeSession(room));
}

/** The state of a room of the fake, in a few words. */
export function summary(room: Room | undefined): string {
  if (!room) return "unknown to the fake";
  const session = activeSession(room);
  return [
    session
      ? `in session, ${plural(present(session).length, "person", "people")}`
      : room.sessions?.length
      ? "idle"
      : "never used",
    ...room.enable_recording ? ["recorded"] : [],
    ...room.webhook_event_url ? ["webhooks"] : [],
  ].join(", ");
}

const names = ["Ada", "Barbara", "Donald", "Frances", "Niklaus", "Tim"];

/** A name for the next person who joins, not yet used in the active session. */
export function newcomer(room: Room): string {
  const taken = (activeSession(room)?.participants ?? [])
    .map(({ context }) => context);
  return names.find((name) => !taken.includes(name)) ??
    `Guest ${taken.length + 1}`;
}
