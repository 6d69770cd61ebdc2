/** What the declarations promise: compiled as a user's code, never run. */
import {
  ApiError,
  type AttemptEvent,
  type FetchFn,
  getRoom,
  type GetRoomOptions,
  type InvalidArgumentError,
  type InvalidResponseError,
  type RateLimit,
  type RetryPolicy,
  type Room,
  type RoomParticipant,
  RoomsError,
  type RoomSession,
  type TimeoutError,
} from "@videorooms/telnyx";
import { parseRoom, retryDelay, roomRequest } from "@videorooms/telnyx/core";
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

expectTypeOf<Room["id"]>().toEqualTypeOf<string>();
expectTypeOf<Room["max_participants"]>().toEqualTypeOf<number | undefined>();
expectTypeOf<Room["sessions"]>()
  .toEqualTypeOf<RoomSession[] | null | undefined>();
expectTypeOf<RoomSession["participants"]>()
  .toEqualTypeOf<RoomParticipant[] | undefined>();
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
expectTypeOf(retryDelay).returns.toEqualTypeOf<number | undefined>();

const fake = fakeRooms({ rooms: [{ id: "id" }] });
expectTypeOf(fake).toEqualTypeOf<FakeRooms>();
expectTypeOf(fake.fetch).toExtend<FetchFn>();
