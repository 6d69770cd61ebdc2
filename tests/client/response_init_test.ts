import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import * as core from "../../lib/core/mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import {
  ApiError,
  type ApiErrorCode,
  createRoom,
  getRoom,
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
import { id } from "../support/example.ts";
import { publicKey } from "../support/signed.ts";
import { idNames } from "../../lib/core/path.ts";

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

const operations = Object.values<unknown>(core).filter((value) =>
  typeof value === "object" && value !== null && "path" in value
) as core.Operation[];

Deno.test("responseInit() maps the code of an ApiError, with retry-after only for a 429", () => {
  const wait = fc.option(fc.nat(86_400_000), { nil: undefined });
  fc.assert(fc.property(apiCode, wait, (code, retryAfterMs) => {
    const fields = { code, status: 400, details: [] };
    const error = new ApiError("KEY-secret", {
      ...fields,
      ...retryAfterMs === undefined ? {} : { retryAfterMs },
    });
    const { status, headers } = responseInit(error);
    assertEquals(status, apiStatuses[code]);
    const { "retry-after": seconds, ...others } = headers;
    assertEquals(others, {});
    if (code !== "rate_limited" || retryAfterMs === undefined) {
      assertEquals(seconds, undefined);
      return;
    }
    assert(/^\d+$/.test(String(seconds)), seconds);
    const ms = Number(seconds) * 1000;
    assert(ms >= retryAfterMs && ms - retryAfterMs < 1000, `${ms}`);
  }));
});

Deno.test("responseInit() maps every other error of a call", () => {
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const statuses: [unknown, number][] = [
    [new TimeoutError(5000, "body", "timeoutMs"), 504],
    [new NetworkError("It broke"), 502],
    [new InvalidResponseError("/data/id", "string", "null"), 502],
    [new ResponseTooLargeError(10), 502],
    [new WebhookError("bad_signature", "It is forged"), 400],
    [new WebhookError("unsupported", "No Ed25519 here"), 500],
    [new TypeError("A mistake"), 500],
    [new DOMException("Stopped", "AbortError"), 500],
    [undefined, 500],
    ["not_found", 500],
    [{ code: "not_found" }, 500],
    [Object.assign(new NetworkError("?"), { code: "of a newer copy" }), 502],
    [revoked, 500],
  ];
  for (const [error, status] of statuses) {
    assertEquals(responseInit(error), { status, headers: {} });
  }
});

Deno.test("responseInit() has status 500 for an argument that the server sets", async () => {
  const { fetch } = fakeRooms();
  const wrong: [string, Promise<unknown>][] = [
    ["fetchFn", getRoom(7 as never, "any", id)],
    ["token", getRoom(fetch, "", id)],
    ["opts", getRoom(fetch, "any", id, 7 as never)],
    ["request", parseWebhook(7 as never, publicKey)],
    ["publicKey", parseWebhook({ headers: {}, body: "" }, "")],
    ...Object.entries({
      baseUrl: "nowhere",
      signal: 7,
      timeoutMs: 0,
      attemptTimeoutMs: 0,
      retry: { maxAttempts: 0 },
      maxBodyBytes: 0,
      onAttempt: 7,
    }).map(([name, value]): [string, Promise<unknown>] => [
      name,
      getRoom(fetch, "any", id, { [name]: value } as never),
    ]),
  ];
  for (const [name, call] of wrong) {
    const error = await assertRejects(() => call, InvalidArgumentError);
    assertEquals(error.argument.split(".")[0], name);
    assertEquals(responseInit(error).status, 500, name);
  }
});

Deno.test("responseInit() has status 400 for an id or an option of any operation", () => {
  assert(operations.length > 20);
  for (const operation of operations) {
    const ids: Record<string, string> = Object.fromEntries(
      idNames(operation.path).map((name) => [name, id]),
    );
    const status = (ids: Record<string, string>, opts: object) => {
      const make = () => core.toRequest(operation, "any", ids, opts);
      return responseInit(assertThrows(make, InvalidArgumentError)).status;
    };
    for (const name of Object.keys(ids)) {
      assertEquals(status({ ...ids, [name]: "standup" }, {}), 400, name);
    }
    for (const option of Object.keys(operation.options ?? {})) {
      assertEquals(status(ids, { [option]: { gte: "wrong" } }), 400, option);
    }
  }
});

Deno.test("responseInit() has status 400 for a field of a payload", async () => {
  const error = await assertRejects(
    () => createRoom(fakeRooms().fetch, "any", { max_participants: 1 }),
    InvalidArgumentError,
  );
  assertEquals(error.argument, "room.max_participants");
  assertEquals(responseInit(error).status, 400);
});

Deno.test("responseInit() and isRoomsError() know an error of another copy of the package", async () => {
  const url = new URL("../../lib/core/errors.ts?copy", import.meta.url).href;
  const copy: typeof import("../../lib/core/errors.ts") = await import(url);
  const error = new copy.ApiError("HTTP 429", {
    code: "rate_limited",
    status: 429,
    details: [],
    retryAfterMs: 1500,
  });
  assert(!(error instanceof RoomsError));
  assert(isRoomsError(error));
  assertEquals(responseInit(error), {
    status: 429,
    headers: { "retry-after": "2" },
  });
  const { status } = responseInit(
    new copy.InvalidArgumentError("token", "is missing"),
  );
  assertEquals(status, 500);
  assert(!isRoomsError(new Error("other")) && !isRoomsError(null));
});
