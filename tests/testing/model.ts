/**
 * A small model of the provider: its records, and the expected result of each
 * look-up. It shares no code with the fake but the signature of links, and gets its
 * ids from the fake's responses.
 */
import { signatureOf } from "../../lib/testing/files.ts";
import type {
  Room,
  RoomComposition,
  RoomParticipant,
  RoomRecording,
  RoomSession,
} from "../../mod.ts";

/** A time as the provider writes it. */
const iso = (ms: number): string =>
  new Date(ms).toISOString().replace("Z", "000Z");

/** A record, which may have been deleted; times are in milliseconds. */
export interface Thing {
  id: string;
  gone?: boolean;
}
export interface ARoom extends Thing {
  fields: Partial<Room>;
  madeAt: number;
  changedAt: number;
}
export interface ASession extends Thing {
  room: ARoom;
  from: number;
  to?: number;
}
export interface APerson extends Thing {
  session: ASession;
  context: string | undefined;
  from: number;
  to?: number;
  muted?: boolean;
}
interface ARecording extends Thing {
  person: APerson;
  type: "audio" | "video";
}
interface AComposition extends Thing {
  session: ASession;
  from: number;
  to: number;
  madeAt: number;
}
interface AToken {
  text: string;
  kind: "access" | "refresh";
  room: ARoom;
  to: number;
}

/** The state of the provider. */
export class Model {
  now = Date.UTC(2026, 0, 30, 23);
  rooms: ARoom[] = [];
  sessions: ASession[] = [];
  people: APerson[] = [];
  recordings: ARecording[] = [];
  compositions: AComposition[] = [];
  tokens: AToken[] = [];
  /** What was reached at least once, such as "a full room". */
  reached = new Set<string>();

  /** The active session of a room. */
  active(room: ARoom): ASession | undefined {
    return this.sessions.find((it) => it.room === room && it.to === undefined);
  }

  /** The participants in a session. */
  present(session: ASession | undefined): APerson[] {
    return this.people.filter((it) =>
      it.session === session && it.to === undefined
    );
  }

  isFull(room: ARoom): boolean {
    const { max_participants: max = 10 } = room.fields;
    return this.present(this.active(room)).length >= (max ?? Infinity);
  }

  /** Whether another room has the name. */
  isTaken(name: unknown, own?: ARoom): boolean {
    return name !== undefined &&
      this.rooms.some((it) =>
        !it.gone && it !== own && it.fields.unique_name === name
      );
  }

  /** Whether a token is valid for this use. */
  isValid(token: AToken | undefined, kind: AToken["kind"], room: ARoom) {
    return token?.kind === kind && token.room === room && token.to > this.now;
  }

  /** Removes participants; the session ends with the last one. */
  remove(people: APerson[]): void {
    for (const person of people) {
      person.to = this.now;
      person.muted = false;
      const { session } = person;
      if (this.present(session).length === 0) session.to ??= this.now;
    }
  }

  endSession(session: ASession): void {
    this.remove(this.present(session));
    session.to ??= this.now;
  }

  /** Deletes a record; a room's session ends. */
  delete(it: Thing): void {
    it.gone = true;
    const session = this.sessions.find(({ room, to }) =>
      room === it && to === undefined
    );
    if (!session) return;
    this.reached.add("deleteRoom: in use");
    this.endSession(session);
  }

  /** The records of each kind, also those that are deleted. */
  readonly all: Record<string, Thing[]> = {
    Room: this.rooms,
    Session: this.sessions,
    Participant: this.people,
    Recording: this.recordings,
    Composition: this.compositions,
  };

  /** The records of a kind that a list has, with what it can include or without. */
  views(kind: string, isWhole: boolean): Thing[] {
    const views: Record<string, () => Thing[]> = {
      Room: () => there(this.rooms).map((it) => this.room(it, isWhole)),
      Session: () => this.sessions.map((it) => this.session(it, isWhole)),
      Participant: () => this.people.map((it) => this.person(it)),
      Recording: () => there(this.recordings).map((it) => this.recording(it)),
      Composition: () =>
        there(this.compositions).map((it) => this.composition(it)),
    };
    return views[kind]?.() ?? [];
  }

  room(room: ARoom, withSessions = false): Room {
    return {
      id: room.id,
      unique_name: null,
      max_participants: 10,
      enable_recording: false,
      webhook_event_url: null,
      webhook_event_failover_url: "",
      webhook_timeout_secs: null,
      ...room.fields,
      active_session_id: this.active(room)?.id ?? null,
      created_at: iso(room.madeAt),
      updated_at: iso(room.changedAt),
      video_codecs: ["h264", "vp8"],
      record_type: "room",
      ...withSessions && {
        sessions: this.sessions.filter((it) => it.room === room)
          .map((session) => this.session(session, true)),
      },
    };
  }

  session(session: ASession, withPeople = false): RoomSession {
    const { id, room, from, to } = session;
    return {
      id,
      room_id: room.id,
      active: to === undefined,
      created_at: iso(from),
      updated_at: iso(to ?? from),
      ...to !== undefined && { ended_at: iso(to) },
      record_type: "room_session",
      ...withPeople && {
        participants: this.people.filter((it) => it.session === session)
          .map((person) => this.person(person)),
      },
    };
  }

  person({ id, session, context, from, to }: APerson): RoomParticipant {
    return {
      id,
      session_id: session.id,
      ...context !== undefined && { context },
      joined_at: iso(from),
      updated_at: iso(to ?? from),
      ...to !== undefined && { left_at: iso(to) },
      record_type: "room_participant",
    };
  }

  recording({ id, person, type }: ARecording): RoomRecording {
    const { session, from, to } = person;
    const readyAt = to === undefined ? Infinity : to + 1000;
    const isReady = readyAt <= this.now;
    const secs = Math.floor(((to ?? 0) - from) / 1000);
    return {
      id,
      room_id: session.room.id,
      session_id: session.id,
      participant_id: person.id,
      status: isReady ? "completed" : "processing",
      type,
      codec: type === "audio" ? "opus" : "vp8",
      created_at: iso(from),
      started_at: iso(from),
      updated_at: iso(isReady ? readyAt : to ?? from),
      ...to !== undefined && { ended_at: iso(to) },
      ...isReady &&
        {
          completed_at: iso(readyAt),
          ...this.file(`/recordings/${id}.webm`, secs),
        },
      record_type: "room_recording",
    };
  }

  composition(composition: AComposition): RoomComposition {
    const { id, session, from, to, madeAt } = composition;
    const steps = Math.min(2, Math.floor((this.now - madeAt) / 1000));
    const at = iso(madeAt + steps * 1000);
    return {
      id,
      room_id: session.room.id,
      session_id: session.id,
      user_id: "12a04ec9-0f91-4a91-9f3a-a19d9931182e",
      status: ["enqueued", "processing", "completed"][steps] ?? "",
      format: "mp4",
      resolution: "1280x720",
      download_url: null,
      created_at: iso(madeAt),
      updated_at: at,
      started_at: iso(from),
      ended_at: iso(to),
      webhook_event_failover_url: "",
      webhook_timeout_secs: null,
      ...steps === 2 && {
        completed_at: at,
        ...this.file(`/compositions/${id}.mp4`, Math.floor((to - from) / 1000)),
      },
      record_type: "room_composition",
    };
  }

  /** The fields of a file, whose link is good for an hour from now. */
  file(path: string, duration_secs: number) {
    const expires = `${this.now + 3_600_000}`;
    const signature = signatureOf(path, expires);
    return {
      download_url: `https://files.invalid${path}?` +
        `expires=${expires}&signature=${signature}`,
      duration_secs,
      size_mb: 0.01,
    };
  }
}

/** The records that are not deleted. */
const there = <T extends Thing>(things: T[]) =>
  things.filter(({ gone }) => !gone);
