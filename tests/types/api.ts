/** What the declarations promise: compiled as a user's code, never run. */
import {
  allRooms,
  ApiError,
  type AttemptEvent,
  type FetchFn,
  getRoom,
  type GetRoomOptions,
  type InvalidArgumentError,
  type InvalidResponseError,
  listRooms,
  type ListRoomsOptions,
  type PageMeta,
  type RateLimit,
  type RetryPolicy,
  type Room,
  type RoomPage,
  type RoomParticipant,
  RoomsError,
  type RoomSession,
  type TimeoutError,
} from "@videorooms/telnyx";
import {
  parseRoom,
  parseRooms,
  retryDelay,
  roomRequest,
  roomsRequest,
} from "@videorooms/telnyx/core";
import { type FakeRooms, fakeRooms } from "@videorooms/telnyx/testing";
import { expectTypeOf } from "expect-type";

expectTypeOf(getRoom).parameter(0).toEqualTypeOf<FetchFn>();
expectTypeOf(getRoom).parameter(1).toEqualTypeOf<string>();
expectTypeOf(getRoom).parameter(2).toEqualTypeOf<string>();
expectTypeOf(getRoom).parameter(3)
  .toEqualTypeOf<GetRoomOptions | undefined>();
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

expectTypeOf(listRooms).parameter(0).toEqualTypeOf<FetchFn>();
expectTypeOf(listRooms).parameter(1).toEqualTypeOf<string>();
expectTypeOf(listRooms).parameter(2)
  .toEqualTypeOf<ListRoomsOptions | undefined>();
expectTypeOf(listRooms).returns.toEqualTypeOf<Promise<RoomPage>>();
expectTypeOf(allRooms).parameters
  .toEqualTypeOf<Parameters<typeof listRooms>>();
expectTypeOf(allRooms).returns.toExtend<AsyncGenerator<Room>>();
void listRooms(fetch, "KEY", {
  includeSessions: true,
  baseUrl: "https://api.telnyx.com/v2",
  uniqueName: "My Room",
  createdAt: { eq: "2026-01-01", gte: "2026-01-01", lte: undefined },
  updatedAt: {},
  pageNumber: 1,
  pageSize: undefined,
  timeoutMs: 1,
});
// @ts-expect-error: a day as text
void listRooms(fetch, "KEY", { createdAt: { gte: new Date() } });
// @ts-expect-error: no such bound
void listRooms(fetch, "KEY", { createdAt: { gt: "2026-01-01" } });
// @ts-expect-error: the token is missing
void listRooms(fetch);
export async function listed() {
  for await (const room of allRooms(fetch, "KEY")) {
    expectTypeOf(room).toEqualTypeOf<Room>();
  }
}
expectTypeOf<RoomPage["data"]>().toEqualTypeOf<Room[]>();
expectTypeOf<RoomPage["meta"]>().toEqualTypeOf<PageMeta>();
expectTypeOf<PageMeta["total_pages"]>().toEqualTypeOf<number>();
expectTypeOf<PageMeta["page_number"]>().toEqualTypeOf<
  number | null | undefined
>();

expectTypeOf<Room["id"]>().toEqualTypeOf<string>();
expectTypeOf<Room["max_participants"]>()
  .toEqualTypeOf<number | null | undefined>();
expectTypeOf<Room["unique_name"]>().toEqualTypeOf<string | null | undefined>();
expectTypeOf<Room["video_codecs"]>()
  .toEqualTypeOf<string[] | null | undefined>();
expectTypeOf<Room["sessions"]>()
  .toEqualTypeOf<RoomSession[] | null | undefined>();
expectTypeOf<RoomSession["participants"]>()
  .toEqualTypeOf<RoomParticipant[] | null | undefined>();
expectTypeOf<RoomParticipant["left_at"]>()
  .toEqualTypeOf<string | null | undefined>();

expectTypeOf<ApiError>().toExtend<RoomsError>();
expectTypeOf<RoomsError>().toExtend<Error>();
expectTypeOf<InvalidArgumentError["code"]>()
  .toEqualTypeOf<"invalid_argument">();
expectTypeOf<InvalidResponseError["pointer"]>().toEqualTypeOf<string>();
expectTypeOf<TimeoutError["waitingFor"]>()
  .toEqualTypeOf<"response" | "body">();
expectTypeOf<RetryPolicy["maxAttempts"]>()
  .toEqualTypeOf<number | undefined>();

export function told(error: unknown): string {
  if (error instanceof ApiError) {
    expectTypeOf(error.rateLimit).toEqualTypeOf<RateLimit | undefined>();
    expectTypeOf(error.retryAfterMs).toEqualTypeOf<number | undefined>();
    switch (error.code) {
      case "not_found":
        return "none";
      // @ts-expect-error: no code of an ApiError
      case "timeout":
        return "never";
    }
  }
  return error instanceof RoomsError ? error.code : "unknown";
}

const { url, ...init } = roomRequest("KEY", "id");
void fetch(url, init).then(async ({ status, headers, text }) =>
  expectTypeOf(parseRoom(status, headers, await text())).toEqualTypeOf<Room>()
);
expectTypeOf(roomsRequest).returns
  .toEqualTypeOf<ReturnType<typeof roomRequest>>();
expectTypeOf(parseRooms).returns.toEqualTypeOf<RoomPage>();
expectTypeOf(retryDelay).returns.toEqualTypeOf<number | undefined>();

const fake = fakeRooms({ rooms: [{ id: "id" }] });
expectTypeOf(fake).toEqualTypeOf<FakeRooms>();
expectTypeOf(fake.fetch).toExtend<FetchFn>();
