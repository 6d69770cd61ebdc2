import { uuid } from "../arguments.ts";
import { jsonType } from "../decode.ts";
import type { RoomParticipant } from "../participants.ts";
import { type Room, room as roomDecoder, type RoomFields } from "../rooms.ts";
import type { RoomSession } from "../sessions.ts";

/** The rooms of a fake provider, by their ids in lower case. */
export interface State {
  readonly rooms: Map<string, Room>;
  /** The time, in milliseconds since the epoch. */
  now(): number;
  /** A UUID that was not there before. */
  newId(): string;
}

/** A time as the provider writes it, with microseconds. */
function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}

/** The room of an id; nothing if there is none. */
export function findRoom({ rooms }: State, id: string): Room | undefined {
  return rooms.get(id.toLowerCase());
}

/** The room of an id, for the test that manages the fake. */
export function theRoom(state: State, id: string): Room {
  const room = findRoom(state, id);
  if (!room) throw new TypeError(`Cannot find room ${id}: add it first`);
  return room;
}

/** Puts a copy of a room there, in place of the one of its id. */
export function setRoom({ rooms }: State, room: Room): void {
  const wrong = roomDecoder(room) ??
    (uuid(room.id) && { pointer: "/id", expected: "a UUID", value: room.id });
  if (wrong) {
    throw new TypeError(
      `Cannot set the room as ${wrong.pointer || "it"} must be ` +
        `${wrong.expected}: received ${jsonType(wrong.value)}`,
    );
  }
  rooms.set(room.id.toLowerCase(), structuredClone(room));
}

export function addRoom(state: State, room: Room): void {
  if (findRoom(state, String(room?.id))) {
    throw new TypeError(
      `Cannot add room ${room.id} as it is there already: change it instead`,
    );
  }
  setRoom(state, room);
}

/** Makes a room as the provider does, with its defaults. */
export function createRoom(state: State, fields: RoomFields): Room {
  const now = timestamp(state.now());
  const room = {
    id: state.newId(),
    unique_name: null,
    max_participants: 10,
    enable_recording: false,
    webhook_event_url: null,
    created_at: now,
    updated_at: now,
    ...fields,
  } as Room;
  addRoom(state, room);
  return room;
}

/** Changes a room as the provider does. */
export function updateRoom(state: State, room: Room, fields: RoomFields): Room {
  const updated = {
    ...room,
    ...fields,
    updated_at: timestamp(state.now()),
  } as Room;
  setRoom(state, updated);
  return updated;
}

/** The seed, and after its own fields those that it leaves out. */
function fill<T extends object>(seed: T, defaults: Partial<T>): T {
  const missing = Object.entries(defaults).filter(([name]) =>
    !Object.hasOwn(seed, name)
  );
  return { ...seed, ...Object.fromEntries(missing) };
}

function completeSession(seed: RoomSession, room_id: string): RoomSession {
  return {
    ...fill(seed, { room_id, active: false, record_type: "room_session" }),
    participants: (seed.participants ?? []).map((participant) =>
      fill<RoomParticipant>(participant, {
        session_id: seed.id,
        record_type: "room_participant",
      })
    ),
  };
}

/** A room as a response has it: what its seed leaves out is filled in. */
export function completeRoom(seed: Room, includeSessions: boolean): Room {
  const { sessions, ...rest } = seed;
  const room = fill<Room>(rest, {
    max_participants: 50,
    unique_name: `room-${seed.id.slice(0, 8)}`,
    created_at: "2021-04-16T09:46:20.954863Z",
    updated_at: "2021-04-16T10:24:55.962200Z",
    active_session_id: sessions?.find((session) => session.active)?.id ?? null,
    enable_recording: false,
    webhook_event_url: null,
    webhook_event_failover_url: "",
    webhook_timeout_secs: null,
    video_codecs: ["h264", "vp8"],
    record_type: "room",
  });
  if (!includeSessions) return room;
  room.sessions = (sessions ?? []).map((session) =>
    completeSession(session, seed.id)
  );
  return room;
}
