import { uuid } from "../core/arguments.ts";
import {
  type Decoder,
  jsonType,
  problemOf,
  requiredField,
} from "../core/decode.ts";
import { type Room, room as roomDecoder } from "../core/rooms.ts";
import type { RoomSession } from "../core/sessions.ts";
import { copy } from "./copy.ts";
import { isSame } from "./filters.ts";
import {
  drop,
  find,
  forgetActiveSession,
  type ParticipantRecord,
  put,
  type RoomRecord,
  type SessionRecord,
  type State,
} from "./state.ts";

const began = "2021-04-16T09:46:20.954863Z";
const changed = "2021-04-16T10:24:55.962200Z";

/** The fields of a new room, as in recorded responses. */
export const bareRoom = {
  enable_recording: false,
  webhook_event_url: null,
  webhook_event_failover_url: "",
  webhook_timeout_secs: null,
  video_codecs: ["h264", "vp8"],
  record_type: "room",
};

/** The seed with a default for each field that it leaves out. */
function fill<T extends object>(seed: object, defaults: T): T {
  const missing = Object.entries(defaults).filter(([name]) =>
    !Object.hasOwn(seed, name)
  );
  return { ...seed, ...Object.fromEntries(missing) } as T;
}

function addSession(state: State, room_id: string, seed: RoomSession): void {
  const { participants, ...session } = seed;
  // A session belongs to the room that it is in, whatever its own room_id
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

/** Replaces the sessions of a room. */
function setSessions(
  state: State,
  roomId: string,
  sessions: readonly RoomSession[],
): void {
  for (const session of state.sessions.of(roomId)) {
    drop(state.sessions, session);
    for (const participant of state.participants.of(session.id)) {
      drop(state.participants, participant);
    }
  }
  for (const session of sessions) addSession(state, roomId, session);
}

/** Throws if a record of the caller is wrong, or its id no UUID. */
export function checkRecord<T extends { id: string }>(
  doing: string,
  decoder: Decoder<T>,
  record: T,
): void {
  const mismatch = decoder(record) ?? requiredField(record, "id", uuid);
  if (!mismatch) return;
  const { pointer, expected, value } = mismatch;
  throw new TypeError(
    `Cannot ${doing} as ${pointer || "it"} ${
      problemOf(expected, jsonType(value))
    }`,
  );
}

/** The room with this id, for the methods of the fake. */
export function theRoom(state: State, id: string): RoomRecord {
  const room = find(state.rooms, id);
  if (!room) throw new TypeError(`Cannot find room ${id}: add it first`);
  return room;
}

/** Adds a room of the caller with its sessions. */
export function addRoom(state: State, given: Room): void {
  // Read once: what is checked is what is kept
  addSeed(state, copy(given));
}

/** Adds a room, which is kept; what it leaves out is filled in. */
export function addSeed(state: State, seed: Room): void {
  checkRecord("set the room", roomDecoder, seed);
  if (find(state.rooms, seed.id)) {
    throw new TypeError(
      `Cannot add room ${seed.id} as it exists: change it instead`,
    );
  }
  const { sessions, ...room } = seed;
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
  const given = copy(changes);
  const changed = { ...theRoom(state, id), ...given } as Room;
  checkRecord("set the room", roomDecoder, changed);
  if (!isSame(changed.id, id)) {
    throw new TypeError(`Cannot change the id of room ${id}: add another room`);
  }
  const { sessions, ...room } = changed;
  put(state.rooms, room);
  if (!Object.hasOwn(given, "sessions")) return;
  setSessions(state, id, sessions ?? []);
  if (!Object.hasOwn(given, "active_session_id")) {
    forgetActiveSession(state, id);
  }
}
