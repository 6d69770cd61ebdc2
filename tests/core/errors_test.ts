import "../support/pure.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  checkArgument,
  integerInRange,
  numberInRange,
  uuid,
} from "../../lib/core/arguments.ts";
import { type Decoder, string } from "../../lib/core/decode.ts";
import * as rooms from "../../mod.ts";

const { InvalidArgumentError, InvalidResponseError, TimeoutError } = rooms;
const { ResponseTooLargeError } = rooms;

const status = { code: "not_found" as const, status: 404, details: [] };
const errors: [rooms.RoomsError, code: string][] = [
  [new InvalidArgumentError("id", "x"), "invalid_argument"],
  [new rooms.ApiError("x", status), "not_found"],
  [new rooms.NetworkError("x"), "network"],
  [new TimeoutError(5, "body", "timeoutMs"), "timeout"],
  [new InvalidResponseError("", "x", "y"), "invalid_response"],
  [new ResponseTooLargeError(5), "response_too_large"],
  [new rooms.WaitError("failed", "x"), "failed"],
  [new rooms.WebhookError("too_old", "x"), "too_old"],
  [new rooms.DownloadError("not_ready", "x"), "not_ready"],
];

for (const [error, code] of errors) {
  const { name } = error.constructor;
  Deno.test(`${name} is a RoomsError with its name, and a code that JSON keeps`, () => {
    assert(error instanceof rooms.RoomsError && error instanceof Error);
    assertEquals([error.name, error.code, error.attempts], [name, code, 0]);
    assert(error.stack?.startsWith(`${name}: `), error.stack);
    assertEquals(JSON.parse(JSON.stringify(error)).code, code);
    if (error instanceof rooms.ApiError) assertEquals(error.rateLimit, {});
  });
}

/** The message about a wrong argument `given`. */
const wrong = <T>(given: unknown, decoder: Decoder<T>) =>
  assertThrows(
    () => checkArgument("given", decoder, given),
    InvalidArgumentError,
  ).message;
const integer = integerInRange(2, 50);

const messages: [message: string, expected: string][] = [
  [
    wrong(51, integer),
    "'given' must be an integer from 2 to 50, received 51",
  ],
  [wrong(undefined, integer), "'given' is missing"],
  [wrong("x", uuid), "'given' must be a UUID, received 1 character"],
  [wrong([], string), "'given' must be a string, received an array"],
  [
    wrong(null, numberInRange(0, 1)),
    "'given' must be a number from 0 to 1, received null",
  ],
  [
    new InvalidResponseError("/data", "object", "nothing").message,
    "The response's /data is missing; check 'baseUrl'",
  ],
  [
    new InvalidResponseError("/data/size_mb", "integer", "string").message,
    "The response's /data/size_mb must be an integer, received a string; " +
    "update this module",
  ],
  [
    new TimeoutError(5, "body", "stallTimeoutMs").message,
    "No further byte of the file within 5 ms (stallTimeoutMs)",
  ],
  [
    new ResponseTooLargeError(5).message,
    "The body is over 5 bytes: raise 'maxBodyBytes'",
  ],
];

Deno.test("The messages of errors are sentences", () => {
  for (const [message, expected] of messages) assertEquals(message, expected);
});
