/**
 * Every operation as data: the arguments of a call, the request it sends, the
 * response, and arguments that it refuses.
 */
import * as rooms from "../../mod.ts";
import * as core from "../../lib/core/mod.ts";
import type { FetchFn } from "../../mod.ts";
import { idNames } from "../../lib/core/path.ts";

/** A UUID of one repeated digit. */
export const uuid = (digit: number): string =>
  "00000000-0000-4000-8000-000000000000".replaceAll("0", `${digit}`);

/** Arguments that replace those of a row: in `args`, in `opts`, or both. */
type Changed = { args?: unknown[]; opts?: object };

/** An operation, and a call of its function with every argument and option. */
export interface Row {
  name: string;
  operation: core.Operation;
  run(fetchFn: FetchFn, token: string, ...args: unknown[]): Promise<unknown>;
  /** The ids of the path, then the payload. */
  args: unknown[];
  opts: Record<string, unknown>;
  /** The request: the path and query, decoded; and the body. */
  path: string;
  body?: unknown;
  /** The body of a success, and what the function resolves to. */
  received?: unknown;
  result?: unknown;
  /** Wrong arguments, by the `argument` of the error. */
  wrong: Record<string, Changed[]>;
}

const meta = {
  page_number: 2,
  page_size: 3,
  total_pages: 9,
  total_results: 26,
};
const [id, other] = [uuid(1), uuid(2)];
const days = { eq: "2026-01-01", gte: "2026-01-02", lte: "2026-01-03" };
const page = { pageNumber: 2, pageSize: 3 };
const pageQuery = "page[number]=2&page[size]=3";

/** A day filter as it appears in a query. */
const daysQuery = (name: string) =>
  Object.entries(days).map(([bound, day]) => `filter[${name}][${bound}]=${day}`)
    .join("&");

/** Wrong values of an option, or of several. */
const opts = (name: string, ...values: unknown[]): Changed[] =>
  values.map((value) => ({ opts: { [name]: value } }));

const wrongPages = {
  pageNumber: opts("pageNumber", 0, 1.5, "1", null),
  pageSize: opts("pageSize", 0, 251, "20", null),
};
const wrongDays = (name: string) => ({
  [name]: opts(name, "2026-01-01", null, []),
  [`${name}.gte`]: [{ opts: { [name]: { gte: "2026-02-30" } } }],
});

/** Wrong values of a field of the payload, which is the argument at `at`. */
const fields = (at: number, name: string, ...values: unknown[]): Changed[] =>
  values.map((value) => ({ args: [...[id].slice(0, at), { [name]: value }] }));

const wrongRoom = (at: number, room: string) => ({
  [room]: [null, 7, [], "room"].map((value) => ({
    args: [...[id].slice(0, at), value],
  })),
  [`${room}.unique_name`]: fields(at, "unique_name", "", 7, null),
  [`${room}.max_participants`]: fields(at, "max_participants", 1, 51, "10"),
  [`${room}.enable_recording`]: fields(at, "enable_recording", "true", null),
  ...wrongWebhooks(at, room),
});

const wrongWebhooks = (at: number, payload: string) => ({
  [`${payload}.webhook_event_url`]: fields(at, "webhook_event_url", "a.b", ""),
  [`${payload}.webhook_event_failover_url`]: fields(
    at,
    "webhook_event_failover_url",
    "ftp://a.example",
    7,
  ),
  [`${payload}.webhook_timeout_secs`]: fields(
    at,
    "webhook_timeout_secs",
    -1,
    31,
    "5",
  ),
});

const region = (field: string, ...values: unknown[]): Changed[] =>
  values.flatMap((value) =>
    fields(0, "video_layout", { a: {}, b: { [field]: value } })
  );

const room = {
  unique_name: "Stand-up ☕",
  max_participants: 50,
  enable_recording: true,
  webhook_event_url: "https://a.example/",
  webhook_event_failover_url: "",
  webhook_timeout_secs: null,
  a_new_field: [1],
};

const composition = {
  session_id: id,
  format: "mp4",
  resolution: "640x480",
  video_layout: {
    all: {
      x_pos: 0,
      y_pos: null,
      z_pos: -99,
      width: 16,
      height: 480,
      max_columns: 1000,
      max_rows: 1,
      video_sources: ["*", other],
    },
  },
  audio_sources: ["*"],
  webhook_event_url: "https://a.example/",
  webhook_event_failover_url: "",
  webhook_timeout_secs: 30,
};

/** The row of an operation on participants. */
const action = (
  name: string,
  operation: core.Operation,
  run: typeof rooms.muteParticipants,
): Row => ({
  name,
  operation,
  run: run as Row["run"],
  args: [id, [other, id]],
  opts: { exclude: [other] },
  path: `/room_sessions/${id}/actions/${name.replace("Participants", "")}`,
  body: { participants: [other, id], exclude: [other] },
  received: { data: { result: "ok" } },
  wrong: {
    who: ["everyone", [], [other, "7"], [7], null, undefined, {}]
      .map((who) => ({ args: [id, who] })),
    "exclude.1": opts("exclude", [other, "7"]),
    exclude: opts("exclude", "all", null, other),
  },
});

/** The row of a look-up or a deletion by its id alone. */
const byId = (
  name: string,
  operation: core.Operation,
  run: unknown,
  path: string,
): Row => {
  const data = { id: other, a_new_field: null };
  return {
    name,
    operation,
    run: run as Row["run"],
    args: [id],
    opts: {},
    path: `${path}/${id}`,
    ...operation.result && { received: { data }, result: data },
    wrong: {},
  };
};

/** The row of a list. */
const list = (
  name: string,
  operation: core.Operation,
  run: unknown,
  path: string,
  opts: Record<string, unknown>,
  query: string[],
  wrong: Row["wrong"],
): Row => {
  const received = { data: [{ id: other, a_new_field: null }], meta };
  return {
    name,
    operation,
    run: run as Row["run"],
    args: [],
    opts: { ...opts, ...page },
    path: `${path}?${[...query, pageQuery].join("&")}`,
    received,
    result: received,
    wrong: { ...wrong, ...wrongPages },
  };
};

const token = { token: "a.b.c", token_expires_at: "2026-01-01T00:00:00Z" };
const tokens = { ...token, refresh_token: "d.e.f" };
const filter = {
  roomId: id,
  sessionId: other,
  participantId: uuid(3),
  status: "completed",
  type: "audio",
  startedAt: days,
  endedAt: { lte: "2026-01-04" },
  durationSecs: { gte: 0, lte: 60 },
};
const filterQuery = [
  `filter[room_id]=${id}`,
  `filter[session_id]=${other}`,
  `filter[participant_id]=${uuid(3)}`,
  "filter[status]=completed",
  "filter[type]=audio",
  daysQuery("date_started_at"),
  "filter[date_ended_at][lte]=2026-01-04",
  "filter[duration_secs][gte]=0&filter[duration_secs][lte]=60",
];
const wrongFilter: Row["wrong"] = {
  roomId: opts("roomId", "7", 7),
  sessionId: opts("sessionId", "7"),
  participantId: opts("participantId", "7"),
  status: opts("status", "enqueued", "Completed", 7),
  type: opts("type", "both"),
  ...wrongDays("startedAt"),
  ...wrongDays("endedAt"),
  durationSecs: opts("durationSecs", -1, 1.5, "60"),
  "durationSecs.gte": opts("durationSecs", { gte: -1 }, { gte: "60" }),
};

/** Every operation, except the two lists nested below a room and a session. */
export const rows: Row[] = [
  {
    ...byId("getRoom", core.getRoomOperation, rooms.getRoom, "/rooms"),
    opts: { includeSessions: false },
    path: `/rooms/${id}?include_sessions=false`,
    wrong: { includeSessions: opts("includeSessions", "true", 1, null) },
  },
  list(
    "listRooms",
    core.listRoomsOperation,
    rooms.listRooms,
    "/rooms",
    {
      includeSessions: true,
      createdAt: days,
      updatedAt: days,
      uniqueName: "ä",
    },
    [
      "include_sessions=true",
      daysQuery("date_created_at"),
      daysQuery("date_updated_at"),
      "filter[unique_name]=ä",
    ],
    {
      includeSessions: opts("includeSessions", "true"),
      uniqueName: opts("uniqueName", "", 7, null, "\ud800"),
      ...wrongDays("createdAt"),
      ...wrongDays("updatedAt"),
    },
  ),
  {
    name: "createRoom",
    operation: core.createRoomOperation,
    run: rooms.createRoom as Row["run"],
    args: [room],
    opts: {},
    path: "/rooms",
    body: room,
    received: { data: { id } },
    result: { id },
    wrong: wrongRoom(0, "room"),
  },
  {
    name: "updateRoom",
    operation: core.updateRoomOperation,
    run: rooms.updateRoom as Row["run"],
    args: [id, room],
    opts: {},
    path: `/rooms/${id}`,
    body: room,
    received: { data: { id } },
    result: { id },
    wrong: wrongRoom(1, "changes"),
  },
  byId("deleteRoom", core.deleteRoomOperation, rooms.deleteRoom, "/rooms"),
  {
    name: "createJoinToken",
    operation: core.createJoinTokenOperation,
    run: rooms.createJoinToken as Row["run"],
    args: [id],
    opts: { tokenTtlSecs: 10, refreshTokenTtlSecs: 86_400 },
    path: `/rooms/${id}/actions/generate_join_client_token`,
    body: { token_ttl_secs: 10, refresh_token_ttl_secs: 86_400 },
    received: { data: tokens },
    result: tokens,
    wrong: {
      tokenTtlSecs: opts("tokenTtlSecs", 9, 3601, 10.5, "600", null),
      refreshTokenTtlSecs: opts("refreshTokenTtlSecs", 59, 86_401, "60", null),
    },
  },
  {
    name: "refreshJoinToken",
    operation: core.refreshJoinTokenOperation,
    run: rooms.refreshJoinToken as Row["run"],
    args: [id, "d.e.f"],
    opts: { tokenTtlSecs: 3600 },
    path: `/rooms/${id}/actions/refresh_client_token`,
    body: { refresh_token: "d.e.f", token_ttl_secs: 3600 },
    received: { data: token },
    result: token,
    wrong: {
      refreshToken: ["", "a b", "a\n", 7, null, undefined, {}]
        .map((refreshToken) => ({ args: [id, refreshToken] })),
      tokenTtlSecs: opts("tokenTtlSecs", 9, 3601, "600", null),
    },
  },
  {
    ...byId(
      "getSession",
      core.getSessionOperation,
      rooms.getSession,
      "/room_sessions",
    ),
    opts: { includeParticipants: true },
    path: `/room_sessions/${id}?include_participants=true`,
    wrong: { includeParticipants: opts("includeParticipants", "true", 1) },
  },
  list(
    "listSessions",
    core.listSessionsOperation,
    rooms.listSessions,
    "/room_sessions",
    {
      includeParticipants: false,
      roomId: id,
      active: true,
      createdAt: days,
      updatedAt: days,
      endedAt: days,
    },
    [
      "include_participants=false",
      `filter[room_id]=${id}`,
      "filter[active]=true",
      daysQuery("date_created_at"),
      daysQuery("date_updated_at"),
      daysQuery("date_ended_at"),
    ],
    {
      includeParticipants: opts("includeParticipants", "true"),
      roomId: opts("roomId", "7", null),
      active: opts("active", "true", 1, null),
      ...wrongDays("createdAt"),
      ...wrongDays("updatedAt"),
      ...wrongDays("endedAt"),
    },
  ),
  {
    name: "endSession",
    operation: core.endSessionOperation,
    run: rooms.endSession as Row["run"],
    args: [id],
    opts: {},
    path: `/room_sessions/${id}/actions/end`,
    received: { data: { result: "ok" } },
    wrong: {},
  },
  action(
    "muteParticipants",
    core.muteParticipantsOperation,
    rooms.muteParticipants,
  ),
  action(
    "unmuteParticipants",
    core.unmuteParticipantsOperation,
    rooms.unmuteParticipants,
  ),
  action(
    "kickParticipants",
    core.kickParticipantsOperation,
    rooms.kickParticipants,
  ),
  byId(
    "getParticipant",
    core.getParticipantOperation,
    rooms.getParticipant,
    "/room_participants",
  ),
  list(
    "listParticipants",
    core.listParticipantsOperation,
    rooms.listParticipants,
    "/room_participants",
    {
      sessionId: id,
      context: '{"name":"Bob"}',
      joinedAt: days,
      updatedAt: days,
      leftAt: days,
    },
    [
      `filter[session_id]=${id}`,
      'filter[context]={"name":"Bob"}',
      daysQuery("date_joined_at"),
      daysQuery("date_updated_at"),
      daysQuery("date_left_at"),
    ],
    {
      sessionId: opts("sessionId", "7", null),
      context: opts("context", "", 7, null),
      ...wrongDays("joinedAt"),
      ...wrongDays("updatedAt"),
      ...wrongDays("leftAt"),
    },
  ),
  byId(
    "getRecording",
    core.getRecordingOperation,
    rooms.getRecording,
    "/room_recordings",
  ),
  list(
    "listRecordings",
    core.listRecordingsOperation,
    rooms.listRecordings,
    "/room_recordings",
    filter,
    filterQuery,
    wrongFilter,
  ),
  byId(
    "deleteRecording",
    core.deleteRecordingOperation,
    rooms.deleteRecording,
    "/room_recordings",
  ),
  {
    name: "deleteRecordings",
    operation: core.deleteRecordingsOperation,
    run: rooms.deleteRecordings as Row["run"],
    args: [filter],
    opts: {},
    path: `/room_recordings?${filterQuery.join("&")}`,
    received: { data: { room_recordings: 5 } },
    result: 5,
    wrong: Object.fromEntries(
      Object.entries(wrongFilter).map(([name, changes]) => [
        name,
        changes.map(({ opts }) => ({ args: [{ ...filter, ...opts }] })),
      ]),
    ),
  },
  byId(
    "getComposition",
    core.getCompositionOperation,
    rooms.getComposition,
    "/room_compositions",
  ),
  list(
    "listCompositions",
    core.listCompositionsOperation,
    rooms.listCompositions,
    "/room_compositions",
    { sessionId: id, status: "enqueued", createdAt: days },
    [
      `filter[session_id]=${id}`,
      "filter[status]=enqueued",
      daysQuery("date_created_at"),
    ],
    {
      sessionId: opts("sessionId", "7", null),
      status: opts("status", "done", "Enqueued", null),
      ...wrongDays("createdAt"),
    },
  ),
  {
    name: "createComposition",
    operation: core.createCompositionOperation,
    run: rooms.createComposition as Row["run"],
    args: [composition],
    opts: {},
    path: "/room_compositions",
    body: composition,
    received: { data: { id } },
    result: { id },
    wrong: {
      composition: [null, 7, [], "all"].map((value) => ({ args: [value] })),
      "composition.session_id": fields(0, "session_id", "7", 7),
      "composition.format": fields(0, "format", "webm", "MP4"),
      "composition.resolution": fields(
        0,
        "resolution",
        "1280x721",
        "721x1280",
        "1281x16",
        "15x16",
        "16x15",
        "640 x 480",
        "640X480",
        "640x480p",
        640,
      ),
      "composition.video_layout": fields(
        0,
        "video_layout",
        null,
        [],
        { a: {}, b: {}, c: {} },
      ),
      "composition.video_layout.b": fields(
        0,
        "video_layout",
        { b: null },
        { b: [] },
      ),
      "composition.video_layout.b.x_pos": region("x_pos", -1, 0.5, "0"),
      "composition.video_layout.b.y_pos": region("y_pos", -1),
      "composition.video_layout.b.z_pos": region("z_pos", -100, 100),
      "composition.video_layout.b.width": region("width", 15, "16"),
      "composition.video_layout.b.height": region("height", 15),
      "composition.video_layout.b.max_columns": region("max_columns", 0, 1001),
      "composition.video_layout.b.max_rows": region("max_rows", 0, 1001),
      "composition.video_layout.b.video_sources": region("video_sources", "*"),
      "composition.video_layout.b.video_sources.1": region(
        "video_sources",
        [id, "7"],
        ["*", "**"],
      ),
      "composition.audio_sources": fields(0, "audio_sources", "*"),
      "composition.audio_sources.0": fields(0, "audio_sources", [id]),
      ...wrongWebhooks(0, "composition"),
    },
  },
  byId(
    "deleteComposition",
    core.deleteCompositionOperation,
    rooms.deleteComposition,
    "/room_compositions",
  ),
];

/** The request of a row, by `toRequest()`. */
export function requestOf(row: Row, changed: Changed = {}): core.ApiRequest {
  const { operation } = row;
  const args = changed.args ?? row.args;
  const opts = { ...row.opts, ...changed.opts };
  const names = idNames(operation.path);
  const ids = Object.fromEntries(names.map((name, i) => [name, args[i]]));
  const rest = args.slice(names.length);
  return operation === core.deleteRecordingsOperation
    ? core.toRequest(operation, "KEY", ids, { ...rest[0] as object, ...opts })
    : core.toRequest(operation, "KEY", ids, opts, ...rest as [unknown]);
}
