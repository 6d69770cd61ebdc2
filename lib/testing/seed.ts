import { uuid } from "../arguments.ts";
import { jsonType } from "../decode.ts";
import { type Room, room as roomDecoder } from "../rooms.ts";
import type { RoomSession } from "../sessions.ts";
import { isSame } from "./filters.ts";
import {
  drop,
  find,
  forgetActiveSession,
  isOf,
  type ParticipantRecord,
  put,
  type RoomRecord,
  type SessionRecord,
  sessionsOf,
  type State,
  where,
} from "./state.ts";

const began = "2021-04-16T09:46:20.954863Z";
const changed = "2021-04-16T10:24:55.962200Z";

/** What a room is unless it is told otherwise, as recorded responses have it. */
export const bareRoom = {
  enable_recording: false,
  webhook_event_url: null,
  webhook_event_failover_url: "",
  webhook_timeout_secs: null,
  video_codecs: ["h264", "vp8"],
  record_type: "room",
};

/** A copy of JSON data, undefined fields included, which JSON would drop. */
export function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T;
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, it]) => [name, copy(it)]);
  return Object.fromEntries(fields) as T;
}

/** The seed, and after its own fields those that it leaves out. */
function fill<T extends object>(seed: object, defaults: T): T {
  const missing = Object.entries(defaults).filter(([name]) =>
    !Object.hasOwn(seed, name)
  );
  return { ...seed, ...Object.fromEntries(missing) } as T;
}

function addSession(state: State, room_id: string, seed: RoomSession): void {
  const { participants, ...session } = seed;
  // Where it is in the seed counts, so that what belongs together is found
  put(
    state.sessions,
    fill<SessionRecord>({ ...session, room_id }, {
      id: session.id,
      room_id,
      active: false,
      created_at: began,
      updated_at: changed,
      record_type: "room_session",
    }),
  );
  const session_id = session.id;
  for (const participant of participants ?? []) {
    put(
      state.participants,
      fill<ParticipantRecord>({ ...participant, session_id }, {
        id: participant.id,
        session_id,
        joined_at: began,
        updated_at: changed,
        record_type: "room_participant",
      }),
    );
  }
}

/** Puts sessions into a room, in place of those that it has. */
function setSessions(
  state: State,
  roomId: string,
  sessions: readonly RoomSession[],
): void {
  for (const session of sessionsOf(state, roomId)) {
    drop(state.sessions, session);
    for (const person of where(state.participants, isOf(session.id))) {
      drop(state.participants, person);
    }
  }
  for (const session of sessions) addSession(state, roomId, session);
}

/** Refuses what is not a room. */
function checkRoom(seed: Room): void {
  const wrong = roomDecoder(seed) ??
    (uuid(seed.id) && { pointer: "/id", expected: "a UUID", value: seed.id });
  if (!wrong) return;
  throw new TypeError(
    `Cannot set the room as ${wrong.pointer || "it"} must be ` +
      `${wrong.expected}: received ${jsonType(wrong.value)}`,
  );
}

/** The room of an id, for the test that manages the fake. */
export function theRoom(state: State, id: string): RoomRecord {
  const room = find(state.rooms, id);
  if (!room) throw new TypeError(`Cannot find room ${id}: add it first`);
  return room;
}

/** Adds a room with all that is in it; what the seed leaves out is filled in. */
export function addRoom(state: State, seed: Room): void {
  if (find(state.rooms, seed?.id)) {
    throw new TypeError(
      `Cannot add room ${seed.id} as it is there already: change it instead`,
    );
  }
  checkRoom(seed);
  const { sessions, ...room } = copy(seed);
  put(
    state.rooms,
    fill<RoomRecord>(room, {
      id: room.id,
      max_participants: 50,
      unique_name: `room-${room.id.slice(0, 8)}`,
      created_at: began,
      updated_at: changed,
      ...bareRoom,
    }),
  );
  const { active_session_id: id } = room;
  const active = id && !uuid(id) ? [{ id, active: true }] : [];
  setSessions(state, room.id, sessions ?? active);
}

/** Changes fields of a room. */
export function changeRoom(
  state: State,
  id: string,
  changes: { [K in keyof Room]?: Room[K] | undefined },
): void {
  const changed = { ...theRoom(state, id), ...changes } as Room;
  checkRoom(changed);
  if (!isSame(changed.id, id)) {
    throw new TypeError(`Cannot change the id of room ${id}: add another room`);
  }
  const { sessions, ...room } = copy(changed);
  put(state.rooms, room);
  if (!Object.hasOwn(changes, "sessions")) return;
  setSessions(state, id, sessions ?? []);
  if (!Object.hasOwn(changes, "active_session_id")) {
    forgetActiveSession(state, id);
  }
}
