import { uuid } from "../arguments.ts";
import {
  createCompositionOperation,
  deleteCompositionOperation,
  getCompositionOperation,
  listCompositionsOperation,
  type RoomComposition,
} from "../compositions.ts";
import type { DateFilter } from "../date_filter.ts";
import {
  createJoinTokenOperation,
  refreshJoinTokenOperation,
} from "../join_tokens.ts";
import type { Ids, Operation, ResultOf } from "../operation.ts";
import type { Page, PageOptions } from "../page.ts";
import {
  getParticipantOperation,
  listParticipantsOperation,
  type ListParticipantsQuery,
} from "../participants.ts";
import {
  deleteRecordingOperation,
  deleteRecordingsOperation,
  getRecordingOperation,
  listRecordingsOperation,
  type NumberFilter,
  type RecordingFilter,
} from "../recordings.ts";
import {
  createRoomOperation,
  deleteRoomOperation,
  getRoomOperation,
  listRoomsOperation,
  updateRoomOperation,
} from "../rooms.ts";
import {
  endSessionOperation,
  getSessionOperation,
  kickParticipantsOperation,
  listSessionsOperation,
  type ListSessionsQuery,
  muteParticipantsOperation,
  type Participants,
  unmuteParticipantsOperation,
} from "../sessions.ts";
import { mint, tokenProblem } from "./join_tokens.ts";
import { readBody, readQuery } from "./read_request.ts";
import { badField, badId, Refusal, refusal } from "./refusal.ts";
import { end, putOut, removeRoom, spanOf } from "./sessions.ts";
import {
  change,
  find,
  type OfSession,
  type ParticipantRecord,
  presentIn,
  put,
  type RoomRecord,
  roomView,
  type SessionRecord,
  sessionView,
  type State,
  timestamp,
  where,
} from "./state.ts";

/** What a route is asked. */
interface Asked<Path extends string, Options, Payload> {
  ids: Ids<Path>;
  opts: Options;
  payload: Payload;
}

/** An operation, and how the fake carries it out. */
interface Route {
  operation: Operation;
  /** Returns the result, or throws a `Refusal`. */
  carryOut(state: State, asked: Asked<string, never, never>): unknown;
}

function route<Path extends string, Options, Payload, Result>(
  operation: Operation<Path, Options, Payload, Result>,
  carryOut: (
    state: State,
    asked: Asked<Path, Options, Payload>,
  ) => ResultOf<Result>,
): Route {
  return { operation, carryOut } as Route;
}

/** The record of an id, or a 404. */
function existing<T>(records: Map<string, T>, id: string): T {
  const record = find(records, id);
  if (!record) throw Refusal.notFound();
  return record;
}

/** Refuses a name that another room has. */
function checkName({ rooms }: State, name: unknown, own?: RoomRecord): void {
  if (typeof name !== "string") return;
  for (const { id, unique_name } of rooms.values()) {
    if (id !== own?.id && unique_name === name) {
      throw badField("unique_name", "has been taken");
    }
  }
}

/** Whether a value is the one that is asked for, if one is. */
function is(value: string | null | undefined, asked: string | undefined) {
  return asked === undefined || value?.toLowerCase() === asked.toLowerCase();
}

/** Whether the day of a timestamp is as the filter says. */
function isWithin(
  timestamp: string | null | undefined,
  { eq, gte, lte }: DateFilter = {},
): boolean {
  const bounds = [eq, gte, lte].filter((bound) => bound !== undefined);
  if (bounds.length === 0) return true;
  const at = timestamp?.slice(0, 10);
  return at !== undefined && (eq === undefined || at === eq) &&
    (gte === undefined || at >= gte) && (lte === undefined || at <= lte);
}

/** Whether a number is as the filter says; one number is "at least". */
function isAsLong(
  secs: number | null | undefined,
  filter: number | NumberFilter = {},
): boolean {
  const { eq, gte, lte } = typeof filter === "number"
    ? { gte: filter }
    : filter;
  if (eq === undefined && gte === undefined && lte === undefined) return true;
  return typeof secs === "number" && (eq === undefined || secs === eq) &&
    (gte === undefined || secs >= gte) && (lte === undefined || secs <= lte);
}

/** The page of the items, in their order, that is asked for. */
function pageOf<Item>(
  items: Item[],
  { pageNumber = 1, pageSize = 20 }: PageOptions,
): Page<Item> {
  return {
    data: items.slice((pageNumber - 1) * pageSize, pageNumber * pageSize),
    meta: {
      page_number: pageNumber,
      page_size: pageSize,
      total_pages: Math.ceil(items.length / pageSize),
      total_results: items.length,
    },
  };
}

const rooms: Route[] = [
  route(getRoomOperation, (state, { ids, opts }) => {
    const room = existing(state.rooms, ids.id);
    return { data: roomView(state, room, opts.includeSessions) };
  }),
  route(listRoomsOperation, (state, { opts }) => {
    const { includeSessions, uniqueName, createdAt, updatedAt } = opts;
    const found = where(
      state.rooms,
      ({ unique_name, created_at, updated_at }) =>
        (uniqueName === undefined || unique_name === uniqueName) &&
        isWithin(created_at, createdAt) && isWithin(updated_at, updatedAt),
    );
    const views = found.map((room) => roomView(state, room, includeSessions));
    return pageOf(views, opts);
  }),
  route(createRoomOperation, (state, { payload }) => {
    checkName(state, payload.unique_name);
    const at = timestamp(state.now());
    const room = put<RoomRecord>(state.rooms, {
      id: state.newId(),
      max_participants: 10,
      unique_name: null,
      created_at: at,
      updated_at: at,
      enable_recording: false,
      webhook_event_url: null,
      webhook_event_failover_url: "",
      webhook_timeout_secs: null,
      video_codecs: ["h264", "vp8"],
      record_type: "room",
      ...payload as Partial<RoomRecord>,
    });
    return { data: roomView(state, room, false) };
  }),
  route(updateRoomOperation, (state, { ids, payload }) => {
    const room = existing(state.rooms, ids.id);
    checkName(state, payload.unique_name, room);
    const changed = change(state.rooms, room, {
      ...payload as Partial<RoomRecord>,
      id: room.id,
      updated_at: timestamp(state.now()),
    });
    return { data: roomView(state, changed, false) };
  }),
  route(deleteRoomOperation, (state, { ids }) => {
    removeRoom(state, existing(state.rooms, ids.id));
    return undefined;
  }),
];

const joinTokens: Route[] = [
  route(createJoinTokenOperation, (state, { ids, opts }) => {
    const { id } = existing(state.rooms, ids.roomId);
    const { tokenTtlSecs = 600, refreshTokenTtlSecs = 3600 } = opts;
    const access = mint(state, "access", id, tokenTtlSecs);
    const refresh = mint(state, "refresh", id, refreshTokenTtlSecs);
    return {
      data: {
        token: access.token,
        token_expires_at: access.endsAt,
        refresh_token: refresh.token,
        refresh_token_expires_at: refresh.endsAt,
      },
    };
  }),
  route(refreshJoinTokenOperation, (state, { ids, opts, payload }) => {
    const { id } = existing(state.rooms, ids.roomId);
    const problem = tokenProblem(state, payload, "refresh", id);
    if (problem) throw refusal(403, `The refresh token ${problem}.`);
    const { token, endsAt } = mint(
      state,
      "access",
      id,
      opts.tokenTtlSecs ?? 600,
    );
    return { data: { token, token_expires_at: endsAt } };
  }),
];

/** The session of an id; 422 if it has ended, as recorded responses have it. */
function going(state: State, id: string): SessionRecord {
  const session = existing(state.sessions, id);
  if (!session.active) throw refusal(422, "No private_ip for room");
  return session;
}

/** The participants of an action: those in the session who are meant by it. */
function meant(
  state: State,
  { id }: SessionRecord,
  who: Participants,
  exclude: readonly string[] = [],
): ParticipantRecord[] {
  const present = presentIn(state, id);
  const among = (ids: readonly string[], person: { id: string }) =>
    ids.some((id) => is(person.id, id));
  if (who !== "all") {
    who.forEach((id, i) => {
      if (!among([id], find(state.participants, id) ?? { id: "" })) {
        throw badField(`participants/${i}`, "is not a participant");
      }
    });
  }
  return present.filter((person) =>
    (who === "all" || among(who, person)) && !among(exclude, person)
  );
}

function listSessions(state: State, opts: ListSessionsQuery) {
  const { includeParticipants, roomId, active } = opts;
  const found = where(
    state.sessions,
    (session) =>
      is(session.room_id, roomId) &&
      (active === undefined || session.active === active) &&
      isWithin(session.created_at, opts.createdAt) &&
      isWithin(session.updated_at, opts.updatedAt) &&
      isWithin(session.ended_at, opts.endedAt),
  ).map((session) => sessionView(state, session, includeParticipants));
  return pageOf(found, opts);
}

const ok = { data: { result: "ok" } };

const sessions: Route[] = [
  route(getSessionOperation, (state, { ids, opts }) => {
    const session = existing(state.sessions, ids.id);
    return { data: sessionView(state, session, opts.includeParticipants) };
  }),
  route(listSessionsOperation, (state, { opts }) => listSessions(state, opts)),
  route(
    { ...listSessionsOperation, path: "/rooms/{roomId}/sessions" },
    (state, { ids, opts }) => {
      const { id } = existing(state.rooms, (ids as { roomId: string }).roomId);
      return listSessions(state, { ...opts, roomId: id });
    },
  ),
  route(endSessionOperation, (state, { ids }) => {
    end(state, going(state, ids.id));
    return ok;
  }),
  route(muteParticipantsOperation, (state, { ids, opts, payload }) => {
    const session = going(state, ids.sessionId);
    for (const { id } of meant(state, session, payload, opts.exclude)) {
      state.muted.add(id);
    }
    return ok;
  }),
  route(unmuteParticipantsOperation, (state, { ids, opts, payload }) => {
    const session = going(state, ids.sessionId);
    for (const { id } of meant(state, session, payload, opts.exclude)) {
      state.muted.delete(id);
    }
    return ok;
  }),
  route(kickParticipantsOperation, (state, { ids, opts, payload }) => {
    const session = going(state, ids.sessionId);
    putOut(state, meant(state, session, payload, opts.exclude), "kicked");
    return ok;
  }),
];

function listParticipants(state: State, opts: ListParticipantsQuery) {
  const found = where(
    state.participants,
    (participant) =>
      is(participant.session_id, opts.sessionId) &&
      (opts.context === undefined || participant.context === opts.context) &&
      isWithin(participant.joined_at, opts.joinedAt) &&
      isWithin(participant.updated_at, opts.updatedAt) &&
      isWithin(participant.left_at, opts.leftAt),
  );
  return pageOf(found, opts);
}

const participants: Route[] = [
  route(getParticipantOperation, (state, { ids }) => ({
    data: existing(state.participants, ids.id),
  })),
  route(
    listParticipantsOperation,
    (state, { opts }) => listParticipants(state, opts),
  ),
  route(
    {
      ...listParticipantsOperation,
      path: "/room_sessions/{sessionId}/participants",
    },
    (state, { ids, opts }) => {
      const { sessionId } = ids as { sessionId: string };
      const { id } = existing(state.sessions, sessionId);
      return listParticipants(state, { ...opts, sessionId: id });
    },
  ),
];

/** The recordings that meet a filter. */
function recordingsOf({ recordings }: State, filter: RecordingFilter) {
  return where(
    recordings,
    (recording) =>
      is(recording.room_id, filter.roomId) &&
      is(recording.session_id, filter.sessionId) &&
      is(recording.participant_id, filter.participantId) &&
      is(recording.status, filter.status) && is(recording.type, filter.type) &&
      isWithin(recording.started_at, filter.startedAt) &&
      isWithin(recording.ended_at, filter.endedAt) &&
      isAsLong(recording.duration_secs, filter.durationSecs),
  );
}

const recordings: Route[] = [
  route(getRecordingOperation, (state, { ids }) => ({
    data: existing(state.recordings, ids.id),
  })),
  route(
    listRecordingsOperation,
    (state, { opts }) => pageOf(recordingsOf(state, opts), opts),
  ),
  route(deleteRecordingOperation, (state, { ids }) => {
    const { id } = existing(state.recordings, ids.id);
    state.recordings.delete(id.toLowerCase());
    return undefined;
  }),
  route(deleteRecordingsOperation, (state, { opts }) => {
    const found = recordingsOf(state, opts);
    for (const { id } of found) state.recordings.delete(id.toLowerCase());
    return { data: { room_recordings: found.length } };
  }),
];

/** The account's user, who is the same for all. */
const userId = "12a04ec9-0f91-4a91-9f3a-a19d9931182e";

const compositions: Route[] = [
  route(getCompositionOperation, (state, { ids }) => ({
    data: existing(state.compositions, ids.id),
  })),
  route(listCompositionsOperation, (state, { opts }) => {
    const found = where(
      state.compositions,
      ({ session_id, status, created_at }) =>
        is(session_id, opts.sessionId) && is(status, opts.status) &&
        isWithin(created_at, opts.createdAt),
    );
    return pageOf(found, opts);
  }),
  route(createCompositionOperation, (state, { payload }) => {
    const session = find(state.sessions, payload.session_id ?? "");
    if (!session) throw badField("session_id", "is not a session");
    const at = timestamp(state.now());
    const composition: OfSession<RoomComposition> = {
      id: state.newId(),
      room_id: session.room_id,
      user_id: userId,
      status: "enqueued",
      download_url: null,
      created_at: at,
      updated_at: at,
      ...spanOf(state, session),
      webhook_event_failover_url: "",
      webhook_timeout_secs: null,
      record_type: "room_composition",
      ...payload as object,
      format: payload.format ?? "mp4",
      resolution: payload.resolution ?? "1280x720",
      session_id: session.id,
    };
    return { data: put(state.compositions, composition) };
  }),
  route(deleteCompositionOperation, (state, { ids }) => {
    const { id } = existing(state.compositions, ids.id);
    state.compositions.delete(id.toLowerCase());
    return undefined;
  }),
];

/** Every operation that the fake carries out. */
export const routes: readonly Route[] = [
  ...rooms,
  ...joinTokens,
  ...sessions,
  ...participants,
  ...recordings,
  ...compositions,
];

/** What is asked of the fake: a request without its headers. */
export interface Call {
  method: string;
  url: string;
  /** The body; `""` if there is none. */
  body: string;
}

/** Which route a call is for, and the ids in its path. */
export function findRoute({ method, url }: Omit<Call, "body">) {
  const { pathname } = new URL(url);
  for (const route of routes) {
    if (route.operation.method !== method) continue;
    const pattern = route.operation.path
      .replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)");
    const match = new RegExp(`${pattern}/?$`).exec(pathname);
    if (match) return { ...route, ids: { ...match.groups } };
  }
}

/** The status and body of the response to a call. */
export function respond(
  state: State,
  call: Call,
): { status: number; body: unknown } {
  try {
    const route = findRoute(call);
    if (!route) throw Refusal.noSuchPath();
    const { operation, ids, carryOut } = route;
    for (const [name, id] of Object.entries(ids)) {
      if (uuid(id)) throw badId(name);
    }
    const read = operation.body
      ? readBody(operation, call.body)
      : { opts: readQuery(operation, new URL(call.url).searchParams) };
    const asked = { ids, ...read } as unknown as Asked<string, never, never>;
    return { status: operation.status, body: carryOut(state, asked) };
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown;
    throw thrown;
  }
}
