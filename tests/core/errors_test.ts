import "../support/pure.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  checkArgument,
  integerInRange,
  numberInRange,
  uuid,
} from "../../lib/core/arguments.ts";
import { type Decoder, string } from "../../lib/core/decode.ts";
import {
  ApiError,
  InvalidArgumentError,
  InvalidResponseError,
  NetworkError,
  ResponseTooLargeError,
  RoomsError,
  TimeoutError,
  WebhookError,
} from "../../mod.ts";

const errors: [string, string, RoomsError][] = [
  [
    "InvalidArgumentError",
    "invalid_argument",
    new InvalidArgumentError("id", "must be a UUID"),
  ],
  [
    "ApiError",
    "not_found",
    new ApiError("Not found", { code: "not_found", status: 404, details: [] }),
  ],
  ["NetworkError", "network", new NetworkError("It broke")],
  ["TimeoutError", "timeout", new TimeoutError(5, "body", "timeoutMs")],
  [
    "InvalidResponseError",
    "invalid_response",
    new InvalidResponseError("/data", "object", "null"),
  ],
  [
    "ResponseTooLargeError",
    "response_too_large",
    new ResponseTooLargeError(5),
  ],
  ["WebhookError", "too_old", new WebhookError("too_old", "It is late")],
];

for (const [name, code, error] of errors) {
  Deno.test(`${name} is a RoomsError with a name, a code and one clear line`, () => {
    assert(error instanceof RoomsError && error instanceof Error);
    assertEquals([error.name, error.code], [name, code]);
    assertEquals(error.attempts, 0);
    assert(/^['A-Z].*[^.]$/.test(error.message), error.message);
    assert(error.stack?.startsWith(`${name}: `), error.stack);
    assertEquals(JSON.parse(JSON.stringify(error)).code, code);
  });
}

Deno.test("The messages of wrong values are sentences", () => {
  const wrong = <T>(given: unknown, decoder: Decoder<T>) =>
    assertThrows(
      () => checkArgument("given", decoder, given),
      InvalidArgumentError,
    ).message;
  const integer = integerInRange(2, 50);
  assertEquals(
    wrong(51, integer),
    "'given' must be an integer from 2 to 50, received 51",
  );
  assertEquals(wrong(undefined, integer), "'given' is missing");
  assertEquals(
    wrong("x", uuid),
    "'given' must be a UUID, received 1 character",
  );
  assertEquals(
    wrong([], string),
    "'given' must be a string, received an array",
  );
  assertEquals(
    wrong(null, numberInRange(0, 1)),
    "'given' must be a number from 0 to 1, received null",
  );
  assertEquals(
    new InvalidResponseError("/data", "object", "nothing").message,
    "The response's /data is missing; check 'baseUrl'",
  );
  assertEquals(
    new InvalidResponseError("/data/size_mb", "integer", "string").message,
    "The response's /data/size_mb must be an integer, received a string; " +
      "update this module",
  );
});
