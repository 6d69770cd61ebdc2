import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import * as core from "../../lib/core/mod.ts";
import { idNames } from "../../lib/core/path.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import {
  createRoom,
  type FetchFn,
  getRoom,
  type GetRoomOptions,
  InvalidArgumentError,
  isRoomsError,
  NetworkError,
  parseWebhook,
  responseInit,
  RoomsError,
} from "../../mod.ts";
import { operations } from "../support/described.ts";
import { id } from "../support/example.ts";
import { publicKey } from "../support/signed.ts";

const errorOf = (code: string, more: object = {}) =>
  Object.assign(new NetworkError("secret"), { code, ...more });

/** The codes of errors, by the status of a server's response. */
const codes: Record<number, string[]> = {
  400: [
    ...["missing_header", "bad_header", "too_old", "too_new", "too_large"],
    ...["incomplete", "bad_signature", "malformed"],
  ],
  404: ["not_found"],
  409: ["not_ready"],
  422: ["unprocessable"],
  429: ["rate_limited"],
  500: ["unsupported"],
  502: [
    ...["bad_request", "unauthorized", "forbidden", "server_error"],
    ...["unexpected_status", "network", "failed", "invalid_response"],
    ...["response_too_large", "file_changed", "not_resumable"],
    "one of a newer copy",
  ],
  504: ["timeout", "wait_timeout"],
};

for (const [status, all] of Object.entries(codes)) {
  Deno.test(`responseInit() has status ${status} for ${all.join(", ")}`, () => {
    for (const code of all) {
      const init = { status: Number(status), headers: {} };
      assertEquals(responseInit(errorOf(code)), init);
    }
  });
}

Deno.test("responseInit() has retry-after only for a 429, in seconds that are not too few", () => {
  fc.assert(fc.property(fc.nat(86_400_000), (retryAfterMs) => {
    const { headers } = responseInit(errorOf("rate_limited", { retryAfterMs }));
    assertMatch(headers["retry-after"] ?? "", /^\d+$/);
    const later = Number(headers["retry-after"]) * 1000 - retryAfterMs;
    assert(later >= 0 && later < 1000, `${later}`);
    const busy = responseInit(errorOf("server_error", { retryAfterMs }));
    assertEquals(busy.headers, {});
  }));
});

Deno.test("responseInit() has status 500 for whatever is no error of a call", () => {
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const others = [
    new TypeError("A mistake"),
    new DOMException("Stopped", "AbortError"),
    ...[undefined, "not_found", { code: "not_found" }, revoked],
  ];
  for (const error of others) {
    assertEquals(responseInit(error), { status: 500, headers: {} });
  }
});

Deno.test("responseInit() has status 500 for an argument that the server sets", async () => {
  const { fetch } = fakeRooms();
  const seven: unknown = 7;
  const options = {
    baseUrl: "nowhere",
    signal: 7,
    timeoutMs: 0,
    attemptTimeoutMs: 0,
    retry: { maxAttempts: 0 },
    maxBodyBytes: 0,
    onAttempt: 7,
  };
  const wrong: [string, Promise<unknown>][] = [
    ["fetchFn", getRoom(seven as FetchFn, "any", id)],
    ["token", getRoom(fetch, "", id)],
    ["opts", getRoom(fetch, "any", id, seven as GetRoomOptions)],
    ["request", parseWebhook(seven as Request, publicKey)],
    ["publicKey", parseWebhook({ headers: {}, body: "" }, "")],
    ...Object.entries(options).map(([name, value]): typeof wrong[0] => [
      name,
      getRoom(fetch, "any", id, { [name]: value }),
    ]),
  ];
  for (const [name, call] of wrong) {
    const error = await assertRejects(() => call, InvalidArgumentError);
    assertEquals(error.argument.split(".")[0], name);
    assertEquals(responseInit(error).status, 500, name);
  }
});

Deno.test("responseInit() has status 400 for an id, an option or a field of any operation", async () => {
  for (const operation of operations.values()) {
    const names = idNames(operation.path);
    const ids = Object.fromEntries(names.map((name) => [name, id]));
    const status = (ids: Record<string, string>, opts: object) => {
      const make = () => core.toRequest(operation, "any", ids, opts);
      return responseInit(assertThrows(make, InvalidArgumentError)).status;
    };
    for (const name of names) {
      assertEquals(status({ ...ids, [name]: "standup" }, {}), 400, name);
    }
    for (const option of Object.keys(operation.options ?? {})) {
      assertEquals(status(ids, { [option]: { gte: "wrong" } }), 400, option);
    }
  }
  const room = { max_participants: 1 };
  const call = createRoom(fakeRooms().fetch, "any", room);
  const error = await assertRejects(() => call, InvalidArgumentError);
  assertEquals(error.argument, "room.max_participants");
  assertEquals(responseInit(error).status, 400);
});

Deno.test("responseInit() and isRoomsError() know an error of another copy of the package", async () => {
  const url = new URL("../../lib/core/errors.ts?copy", import.meta.url).href;
  const copy: typeof import("../../lib/core/errors.ts") = await import(url);
  const fields = { status: 429, details: [], retryAfterMs: 1500 };
  const error = new copy.ApiError("429", { code: "rate_limited", ...fields });
  assert(!(error instanceof RoomsError) && isRoomsError(error));
  const headers = { "retry-after": "2" };
  assertEquals(responseInit(error), { status: 429, headers });
  const wrong = new copy.InvalidArgumentError("token", "is missing");
  assertEquals(responseInit(wrong).status, 500);
  assert(!isRoomsError(new Error("other")) && !isRoomsError(null));
});
