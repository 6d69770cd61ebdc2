import { assert, assertEquals } from "@std/assert";
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
