/** What the declarations promise: compiled as a user's code, but never run. */
import {
  allRooms,
  ApiError,
  type AttemptEvent,
  type CallOptions,
  type CompositionFields,
  createComposition,
  createRoom,
  deleteRoom,
  type EventPayloads,
  type FetchFn,
  getRoom,
  getRooms,
  type GetRoomsOptions,
  kickParticipants,
  type KnownEvent,
  type ListCompositionsOptions,
  type ListParticipantsOptions,
  type ListRecordingsOptions,
  listRooms,
  type ListRoomsOptions,
  type ListSessionsOptions,
  muteParticipants,
  type Page,
  parseWebhook,
  type ParticipantLeftPayload,
  type RateLimit,
  type RetryPolicy,
  type Room,
  type RoomEvent,
  type RoomFields,
  RoomsError,
  type RoomSession,
  type UnknownEvent,
  unmuteParticipants,
  updateRoom,
  type WatchRoomOptions,
  WebhookError,
  type WebhookOptions,
  type WebhookRequest,
} from "@videorooms/telnyx";
import {
  type Data,
  type Decoder,
  deleteRoomOperation,
  getRoomOperation,
  listRoomsOperation,
  type Operation,
  parseResponse,
  toRequest,
} from "@videorooms/telnyx/core";
import {
  createHttpFetch,
  httpFetch,
  type HttpFetchOptions,
} from "@videorooms/telnyx/node";
import {
  fakeRooms,
  type FakeRoomsOptions,
  type Fault,
  type JoinOptions,
} from "@videorooms/telnyx/testing";
import { expectTypeOf } from "expect-type";

expectTypeOf(getRoom).returns.toEqualTypeOf<Promise<Room>>();

// The global fetch of this environment, without a cast
expectTypeOf(fetch).toExtend<FetchFn>();
void getRoom(fetch, "KEY", "id", {
  includeSessions: true,
  baseUrl: new URL("https://api.telnyx.com/v2"),
  signal: new AbortController().signal,
  timeoutMs: 1,
  attemptTimeoutMs: 1,
  retry: { maxAttempts: 2, baseDelayMs: 1, maxDelayMs: 1 },
  maxBodyBytes: 1,
  onAttempt: (event) => expectTypeOf(event).toEqualTypeOf<AttemptEvent>(),
});
// Options may be undefined, also with exactOptionalPropertyTypes
void getRoom(fetch, "KEY", "id", {
  includeSessions: undefined,
  signal: undefined,
  retry: undefined,
});
void getRoom(fetch, "KEY", "id", { retry: false });
// @ts-expect-error: not an option
void getRoom(fetch, "KEY", "id", { timeout: 1 });
// @ts-expect-error: a policy or false
void getRoom(fetch, "KEY", "id", { retry: true });
// @ts-expect-error: the token is missing
void getRoom(fetch, "id");

void listRooms(fetch, "KEY", {
  includeSessions: true,
  uniqueName: "My Room",
  createdAt: { eq: "2026-01-01", gte: "2026-01-01", lte: undefined },
  updatedAt: {},
  pageSize: undefined,
  timeoutMs: 1,
}).then((page) => expectTypeOf(page).toEqualTypeOf<Page<Room>>());
// @ts-expect-error: a day as text
void listRooms(fetch, "KEY", { createdAt: { gte: new Date() } });
// @ts-expect-error: no such bound
void listRooms(fetch, "KEY", { createdAt: { gt: "2026-01-01" } });
export async function listed() {
  for await (const room of allRooms(fetch, "KEY")) {
    expectTypeOf(room).toEqualTypeOf<Room>();
  }
}
expectTypeOf<Room["sessions"]>()
  .toEqualTypeOf<RoomSession[] | null | undefined>();

export function describe(error: unknown): string {
  if (error instanceof ApiError) {
    expectTypeOf(error.rateLimit).toEqualTypeOf<RateLimit>();
    expectTypeOf(error.retryAfterMs).toEqualTypeOf<number | undefined>();
    switch (error.code) {
      case "not_found":
        return "none";
      // @ts-expect-error: not a code of an ApiError
      case "timeout":
        return "never";
    }
  }
  return error instanceof RoomsError ? error.code : "unknown";
}

void createRoom(fetch, "KEY", {});
void createRoom(fetch, "KEY", {
  unique_name: undefined,
  webhook_event_failover_url: null,
}, { timeoutMs: 1 });
// @ts-expect-error: the room is missing
void createRoom(fetch, "KEY");
// @ts-expect-error: a number
void createRoom(fetch, "KEY", { max_participants: "10" });
// @ts-expect-error: not a field
void createRoom(fetch, "KEY", { uniqueName: "Standup" });
// @ts-expect-error: the changes are missing
void updateRoom(fetch, "KEY", "id");
expectTypeOf(deleteRoom).returns.toEqualTypeOf<Promise<void>>();

const { url, ...init } = toRequest(getRoomOperation, "KEY", { id: "id" });
void fetch(url, init).then(async ({ status, headers, text }) => {
  const response = { status, headers, body: await text() };
  expectTypeOf(parseResponse(getRoomOperation, response))
    .toEqualTypeOf<Data<Room>>();
  expectTypeOf(parseResponse(listRoomsOperation, response))
    .toEqualTypeOf<Page<Room>>();
  expectTypeOf(parseResponse(deleteRoomOperation, response))
    .toEqualTypeOf<undefined>();
});
// @ts-expect-error: not an option of the operation
toRequest(getRoomOperation, "KEY", { id: "id" }, { pageSize: 1 });
// @ts-expect-error: the operation has no payload
toRequest(getRoomOperation, "KEY", { id: "id" }, {}, {});

declare const room: Decoder<Data<Room>>;
declare const flag: Decoder<boolean>;
const own: Operation<"/a/{b}/c/{d}", { e?: boolean }, never, Data<Room>> = {
  method: "GET",
  path: "/a/{b}/c/{d}",
  options: { e: ["e", flag] },
  status: 200,
  repeatable: true,
  result: room,
};
toRequest(own, "KEY", { b: "1", d: "2" }, { e: true });
// @ts-expect-error: one of the ids in the path is missing
toRequest(own, "KEY", { b: "1" });
export const wrong: typeof own = {
  ...own,
  // @ts-expect-error: an option without a name on the wire
  options: { e: flag },
};
export const other: typeof own = {
  ...own,
  // @ts-expect-error: another path
  path: "/a/{b}",
};
export const result: typeof own = {
  ...own,
  // @ts-expect-error: the decoder of another type
  result: flag,
};

// A web Request, a Node request's headers, a Lambda event, Express behind raw()
declare const request: Request;
declare const nodeHeaders: { [name: string]: string | string[] | undefined };
void parseWebhook(request, "KEY")
  .then((event) => expectTypeOf(event).toEqualTypeOf<RoomEvent>());
void parseWebhook({ headers: nodeHeaders, body: new Uint8Array(1) }, [
  "A",
  "B",
]);
void parseWebhook({ headers: new Headers(), body: "{}" }, "KEY", {
  toleranceSecs: 1,
  now: undefined,
  maxBodyBytes: 1,
  timeoutMs: 1,
});
expectTypeOf<Request>().toExtend<WebhookRequest>();
// @ts-expect-error: a body that was parsed
void parseWebhook({ headers: nodeHeaders, body: {} }, "KEY");
// @ts-expect-error: the key is missing
void parseWebhook(request);
// @ts-expect-error: not an option
void parseWebhook(request, "KEY", { tolerance: 1 });

const left = "video.room.participant.left";
export function event(event: RoomEvent): string | undefined {
  // @ts-expect-error: its type is not narrowed yet
  void event.payload.room_id;
  switch (event.event_type) {
    case "video.room.session.started":
      expectTypeOf(event).toEqualTypeOf<
        KnownEvent<"video.room.session.started">
      >();
      // @ts-expect-error: a field of the session's end
      void event.payload.ended_reason;
      return event.payload.session_id;
    case left:
      expectTypeOf(event.payload).toEqualTypeOf<ParticipantLeftPayload>();
      return event.payload.participant_id;
    case "video.room.session.ended":
    case "video.room.participant.joined":
    case "video.room.recording.started":
    case "video.room.recording.completed":
    case "video.room.composition.completed":
      expectTypeOf(event.payload.room_id)
        .toEqualTypeOf<string | null | undefined>();
      return;
    // @ts-expect-error: not documented
    case "video.room.renamed":
      return;
    default: {
      expectTypeOf(event).toEqualTypeOf<UnknownEvent>();
      expectTypeOf(event.payload).toEqualTypeOf<unknown>();
      const type: string = event.event_type;
      return type === "video.room.renamed" ? type : undefined;
    }
  }
}
expectTypeOf<KnownEvent["event_type"]>().toEqualTypeOf<keyof EventPayloads>();
export function refusal(error: WebhookError): boolean {
  switch (error.code) {
    case "bad_signature":
    case "too_old":
      return true;
    // @ts-expect-error: not a code of a WebhookError
    case "not_found":
      return true;
  }
  return error instanceof WebhookError;
}

// Ids may be in a list that is not to be changed
const someIds: readonly string[] = ["id"];
for (const act of [kickParticipants, muteParticipants, unmuteParticipants]) {
  void act(fetch, "KEY", "id", "all", { exclude: someIds });
  void act(fetch, "KEY", "id", someIds, { exclude: undefined });
}
void getRooms(fetch, "KEY", someIds, { concurrency: undefined });
void parseWebhook(request, someIds);
void createComposition(fetch, "KEY", {
  session_id: undefined,
  video_layout: { main: { video_sources: someIds, x_pos: undefined } },
  audio_sources: ["*"] as const,
});

// Every option may be undefined, also with exactOptionalPropertyTypes
type Undefined<T> = { [Name in keyof T]-?: undefined };
type EachUndefined<All extends unknown[]> = {
  [I in keyof All]: Undefined<All[I]>;
};
type AllOfThem = [
  CallOptions,
  RoomFields,
  ListRoomsOptions,
  GetRoomsOptions,
  WatchRoomOptions,
  ListSessionsOptions,
  ListParticipantsOptions,
  ListRecordingsOptions,
  ListCompositionsOptions,
  CompositionFields,
  WebhookOptions,
  HttpFetchOptions,
  RetryPolicy,
  FakeRoomsOptions,
  JoinOptions,
  Fault,
];
expectTypeOf<EachUndefined<AllOfThem>>().toExtend<AllOfThem>();

expectTypeOf(fakeRooms({ rooms: [{ id: "id" }] }).fetch).toExtend<FetchFn>();

// Without the types of Node
expectTypeOf(httpFetch).toEqualTypeOf<FetchFn>();
expectTypeOf(createHttpFetch).returns.toEqualTypeOf<FetchFn>();
void getRoom(createHttpFetch({ agent: undefined }), "KEY", "id");
// @ts-expect-error: no agent
createHttpFetch({ agent: {} });
