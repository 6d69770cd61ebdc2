/** What the declarations promise: compiled as a user's code, but never run. */
import * as rooms from "@videorooms/telnyx";
import * as core from "@videorooms/telnyx/core";
import * as node from "@videorooms/telnyx/node";
import * as testing from "@videorooms/telnyx/testing";
import { expectTypeOf } from "expect-type";

expectTypeOf(rooms.getRoom).returns.toEqualTypeOf<Promise<rooms.Room>>();

// The global fetch of this environment, without a cast
expectTypeOf(fetch).toExtend<rooms.FetchFn>();
void rooms.getRoom(fetch, "KEY", "id", {
  includeSessions: true,
  baseUrl: new URL("https://api.telnyx.com/v2"),
  signal: new AbortController().signal,
  timeoutMs: 1,
  attemptTimeoutMs: 1,
  retry: { maxAttempts: 2, baseDelayMs: 1, maxDelayMs: 1 },
  maxBodyBytes: 1,
  onAttempt: (event) => expectTypeOf(event).toEqualTypeOf<rooms.AttemptEvent>(),
});
void rooms.getRoom(fetch, "KEY", "id", { retry: false });
// @ts-expect-error: not an option
void rooms.getRoom(fetch, "KEY", "id", { timeout: 1 });
// @ts-expect-error: a policy or false
void rooms.getRoom(fetch, "KEY", "id", { retry: true });
// @ts-expect-error: the token is missing
void rooms.getRoom(fetch, "id");

void rooms.listRooms(fetch, "KEY", {
  includeSessions: true,
  uniqueName: "My Room",
  createdAt: { eq: "2026-01-01", gte: "2026-01-01", lte: undefined },
}).then((page) => expectTypeOf(page).toEqualTypeOf<rooms.Page<rooms.Room>>());
// @ts-expect-error: a day as text
void rooms.listRooms(fetch, "KEY", { createdAt: { gte: new Date() } });
// @ts-expect-error: no such bound
void rooms.listRooms(fetch, "KEY", { createdAt: { gt: "2026-01-01" } });
export async function listed() {
  for await (const room of rooms.allRooms(fetch, "KEY")) {
    expectTypeOf(room).toEqualTypeOf<rooms.Room>();
  }
}
expectTypeOf<rooms.Room["sessions"]>()
  .toEqualTypeOf<rooms.RoomSession[] | null | undefined>();

export function describe(error: unknown): string {
  if (error instanceof rooms.ApiError) {
    expectTypeOf(error.rateLimit).toEqualTypeOf<rooms.RateLimit>();
    expectTypeOf(error.retryAfterMs).toEqualTypeOf<number | undefined>();
    switch (error.code) {
      case "not_found":
        return "none";
      // @ts-expect-error: not a code of an ApiError
      case "timeout":
        return "never";
    }
  }
  return error instanceof rooms.RoomsError ? error.code : "unknown";
}

void rooms.createRoom(fetch, "KEY", { webhook_event_failover_url: null });
// @ts-expect-error: the room is missing
void rooms.createRoom(fetch, "KEY");
// @ts-expect-error: a number
void rooms.createRoom(fetch, "KEY", { max_participants: "10" });
// @ts-expect-error: not a field
void rooms.createRoom(fetch, "KEY", { uniqueName: "Standup" });
// @ts-expect-error: the changes are missing
void rooms.updateRoom(fetch, "KEY", "id");
expectTypeOf(rooms.deleteRoom).returns.toEqualTypeOf<Promise<void>>();

const { url, ...init } = core.toRequest(core.getRoomOperation, "KEY", {
  id: "id",
});
void fetch(url, init).then(async ({ status, headers, text }) => {
  const response = { status, headers, body: await text() };
  expectTypeOf(core.parseResponse(core.getRoomOperation, response))
    .toEqualTypeOf<core.Data<rooms.Room>>();
  expectTypeOf(core.parseResponse(core.listRoomsOperation, response))
    .toEqualTypeOf<rooms.Page<rooms.Room>>();
  expectTypeOf(core.parseResponse(core.deleteRoomOperation, response))
    .toEqualTypeOf<undefined>();
});
// @ts-expect-error: not an option of the operation
core.toRequest(core.getRoomOperation, "KEY", { id: "id" }, { pageSize: 1 });
// @ts-expect-error: the operation has no payload
core.toRequest(core.getRoomOperation, "KEY", { id: "id" }, {}, {});

declare const room: core.Decoder<core.Data<rooms.Room>>;
declare const flag: core.Decoder<boolean>;
const own: core.Operation<
  "/a/{b}/c/{d}",
  { e?: boolean },
  never,
  core.Data<rooms.Room>
> = {
  method: "GET",
  path: "/a/{b}/c/{d}",
  options: { e: ["e", flag] },
  status: 200,
  repeatable: true,
  result: room,
};
core.toRequest(own, "KEY", { b: "1", d: "2" }, { e: true });
// @ts-expect-error: one of the ids in the path is missing
core.toRequest(own, "KEY", { b: "1" });
export const wrong: typeof own = {
  ...own,
  // @ts-expect-error: an option without a name on the wire
  options: { e: flag },
};
export const result: typeof own = {
  ...own,
  // @ts-expect-error: the decoder of another type
  result: flag,
};

// A web Request, a Node request's headers, a Lambda event, Express behind raw()
declare const request: Request;
declare const nodeHeaders: { [name: string]: string | string[] | undefined };
void rooms.parseWebhook(request, "KEY")
  .then((event) => expectTypeOf(event).toEqualTypeOf<rooms.RoomEvent>());
const raw = { headers: nodeHeaders, body: new Uint8Array(1) };
void rooms.parseWebhook(raw, ["A", "B"]);
void rooms.parseWebhook({ headers: new Headers(), body: "{}" }, "KEY", {
  toleranceSecs: 1,
});
expectTypeOf<Request>().toExtend<rooms.WebhookRequest>();
// @ts-expect-error: a body that was parsed
void rooms.parseWebhook({ headers: nodeHeaders, body: {} }, "KEY");
// @ts-expect-error: the key is missing
void rooms.parseWebhook(request);
// @ts-expect-error: not an option
void rooms.parseWebhook(request, "KEY", { tolerance: 1 });

const left = "video.room.participant.left";
export function event(event: rooms.RoomEvent): string | undefined {
  // @ts-expect-error: its type is not narrowed yet
  void event.payload.room_id;
  switch (event.event_type) {
    case "video.room.session.started":
      expectTypeOf(event).toEqualTypeOf<
        rooms.KnownEvent<"video.room.session.started">
      >();
      // @ts-expect-error: a field of the session's end
      void event.payload.ended_reason;
      return event.payload.session_id;
    case left:
      expectTypeOf(event.payload).toEqualTypeOf<rooms.ParticipantLeftPayload>();
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
      expectTypeOf(event).toEqualTypeOf<rooms.UnknownEvent>();
      expectTypeOf(event.payload).toEqualTypeOf<unknown>();
      const type: string = event.event_type;
      return type === "video.room.renamed" ? type : undefined;
    }
  }
}
expectTypeOf<rooms.KnownEvent["event_type"]>().toEqualTypeOf<
  keyof rooms.EventPayloads
>();

// Ids may be in a list that is not to be changed
const someIds: readonly string[] = ["id"];
for (const act of [rooms.kickParticipants, rooms.muteParticipants]) {
  void act(fetch, "KEY", "id", "all", { exclude: someIds });
  void act(fetch, "KEY", "id", someIds, { exclude: undefined });
}
void rooms.getRooms(fetch, "KEY", someIds, { concurrency: undefined });
void rooms.parseWebhook(request, someIds);
void rooms.createComposition(fetch, "KEY", {
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
  rooms.CallOptions,
  rooms.RoomFields,
  rooms.GetRoomOptions,
  rooms.ListRoomsOptions,
  rooms.GetRoomsOptions,
  rooms.WatchRoomOptions,
  rooms.ListSessionsOptions,
  rooms.ListParticipantsOptions,
  rooms.ListRecordingsOptions,
  rooms.ListCompositionsOptions,
  rooms.CompositionFields,
  rooms.WebhookOptions,
  node.HttpFetchOptions,
  rooms.RetryPolicy,
  testing.FakeRoomsOptions,
  testing.JoinOptions,
  testing.Fault,
];
expectTypeOf<EachUndefined<AllOfThem>>().toExtend<AllOfThem>();

expectTypeOf(testing.fakeRooms({ rooms: [{ id: "id" }] }).fetch).toExtend<
  rooms.FetchFn
>();

// Without the types of Node
expectTypeOf(node.httpFetch).toEqualTypeOf<rooms.FetchFn>();
expectTypeOf(node.createHttpFetch).returns.toEqualTypeOf<rooms.FetchFn>();
void rooms.getRoom(node.createHttpFetch({ agent: undefined }), "KEY", "id");
// @ts-expect-error: no agent
node.createHttpFetch({ agent: {} });
