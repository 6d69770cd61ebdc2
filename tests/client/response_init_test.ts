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
  ApiError,
  type ApiErrorCode,
  createRoom,
  type FetchFn,
  getRoom,
  type GetRoomOptions,
  InvalidArgumentError,
  InvalidResponseError,
  isRoomsError,
  NetworkError,
  parseWebhook,
  responseInit,
  ResponseTooLargeError,
  RoomsError,
  TimeoutError,
  WebhookError,
} from "../../mod.ts";
import { operations } from "../support/described.ts";
import { id } from "../support/example.ts";
import { publicKey } from "../support/signed.ts";

/** The status of a server's response, by the code of the error. */
const apiStatuses: Record<ApiErrorCode, number> = {
  bad_request: 502,
  unauthorized: 502,
  forbidden: 502,
  not_found: 404,
  unprocessable: 422,
  rate_limited: 429,
  server_error: 502,
  unexpected_status: 502,
};
const apiCode = fc.constantFrom(...Object.keys(apiStatuses) as ApiErrorCode[]);

Deno.test("responseInit() maps the code of an ApiError, with retry-after only for a 429", () => {
  const wait = fc.option(fc.nat(86_400_000), { nil: undefined });
  fc.assert(fc.property(apiCode, wait, (code, retryAfterMs) => {
    const more = retryAfterMs === undefined ? {} : { retryAfterMs };
    const fields = { code, status: 400, details: [], ...more };
    const { status, headers } = responseInit(new ApiError("secret", fields));
    assertEquals(status, apiStatuses[code]);
    const isSaid = code === "rate_limited" && retryAfterMs !== undefined;
    assertEquals(Object.keys(headers), isSaid ? ["retry-after"] : []);
    if (!isSaid) return;
    assertMatch(headers["retry-after"] ?? "", /^\d+$/);
    const later = Number(headers["retry-after"]) * 1000 - retryAfterMs;
    assert(later >= 0 && later < 1000, `${later}`);
  }));
});

/** What is wrong with a webhook that is not Telnyx's. */
const forged = [
  ...["missing_header", "bad_header", "too_old", "too_new"] as const,
  ...["too_large", "incomplete", "bad_signature", "malformed"] as const,
];

Deno.test("responseInit() maps every other error of a call", () => {
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const newer = Object.assign(new NetworkError("?"), {
    code: "of a newer copy",
  });
  const statuses: [unknown, number][] = [
    [new TimeoutError(5000, "body", "timeoutMs"), 504],
    [new NetworkError("It broke"), 502],
    [new InvalidResponseError("/data/id", "string", "null"), 502],
    [new ResponseTooLargeError(10), 502],
    ...forged.map((code): [unknown, number] => [
      new WebhookError(code, "It is forged"),
      400,
    ]),
    [new WebhookError("unsupported", "No Ed25519 here"), 500],
    [new TypeError("A mistake"), 500],
    [new DOMException("Stopped", "AbortError"), 500],
    [undefined, 500],
    ["not_found", 500],
    [{ code: "not_found" }, 500],
    [newer, 502],
    [revoked, 500],
  ];
  for (const [error, status] of statuses) {
    assertEquals(responseInit(error), { status, headers: {} });
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
