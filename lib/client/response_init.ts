// Maps this module's errors to responses of your own server.
import {
  type ApiError,
  type InvalidArgumentError,
  isRoomsError,
  type RoomsErrorCode,
} from "../core/errors.ts";
import type { CallOptions } from "../core/call_options.ts";
import type { WebhookOptions } from "./webhooks.ts";

/** The response status for each error code. */
const statuses: Record<RoomsErrorCode, number> = {
  invalid_argument: 400,
  bad_request: 502,
  unauthorized: 502, // the server's key, not the client's
  forbidden: 502,
  not_found: 404,
  unprocessable: 422,
  rate_limited: 429,
  server_error: 502,
  unexpected_status: 502,
  network: 502,
  timeout: 504,
  wait_timeout: 504,
  failed: 502,
  invalid_response: 502,
  response_too_large: 502,
  not_ready: 409,
  file_changed: 502,
  not_resumable: 502,
  missing_header: 400, // from here on, webhooks that are not Telnyx's
  bad_header: 400,
  too_old: 400,
  too_new: 400,
  too_large: 400,
  incomplete: 400,
  bad_signature: 400,
  malformed: 400,
  unsupported: 500,
};

/** The arguments that the server sets itself; the others are its client's. */
const serverArguments: Record<
  | ("fetchFn" | "token" | "opts" | keyof CallOptions)
  | ("stallTimeoutMs" | "request" | "publicKey" | keyof WebhookOptions),
  true
> = {
  fetchFn: true,
  token: true,
  opts: true,
  baseUrl: true,
  signal: true,
  timeoutMs: true,
  attemptTimeoutMs: true,
  retry: true,
  maxBodyBytes: true,
  onAttempt: true,
  stallTimeoutMs: true,
  request: true,
  publicKey: true,
  toleranceSecs: true,
  now: true,
};

/**
 * Decides how your own server responds when a call of this module fails.
 *
 * | error                                        | status                  |
 * | -------------------------------------------- | ----------------------- |
 * | an invalid argument                          | 400                     |
 * | one that the server sets, such as `token`    | 500                     |
 * | `not_found`                                  | 404                     |
 * | `unprocessable`                              | 422                     |
 * | `rate_limited`                               | 429, with `retry-after` |
 * | `timeout`                                    | 504                     |
 * | a webhook that is not Telnyx's         | 400                     |
 * | `unsupported`                                | 500                     |
 * | any other {@linkcode RoomsError}             | 502                     |
 * | anything else                                | 500                     |
 *
 * With a status of 500 or more, the client cannot fix it: log the error.
 *
 * @param error What the call rejected with.
 * @returns The status and headers, as a `ResponseInit` for `new Response()` and
 * `Response.json()`. There is one header, `retry-after` in whole seconds, if
 * Telnyx asked for a wait.
 *
 * @example
 * ```ts
 * import { getRoom, responseInit, RoomsError } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const { fetch } = fakeRooms();
 *
 * async function respond(id: string): Promise<Response> {
 *   try {
 *     return Response.json(await getRoom(fetch, "any", id));
 *   } catch (error) {
 *     const code = error instanceof RoomsError ? error.code : "internal";
 *     return Response.json({ error: code }, responseInit(error));
 *   }
 * }
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * assertEquals((await respond(id)).status, 404);
 * assertEquals((await respond("not-a-uuid")).status, 400);
 * ```
 */
export function responseInit(
  error: unknown,
): { status: number; headers: Record<string, string> } {
  const headers: Record<string, string> = {};
  // By brand and code, since it may be of another copy of the package
  if (!isRoomsError(error)) return { status: 500, headers };
  if (error.code === "invalid_argument") {
    const [argument = ""] = (error as InvalidArgumentError).argument.split(".");
    const isServers = Object.hasOwn(serverArguments, argument);
    return { status: isServers ? 500 : statuses[error.code], headers };
  }
  const { retryAfterMs } = error as Partial<ApiError>;
  if (error.code === "rate_limited" && retryAfterMs !== undefined) {
    headers["retry-after"] = `${Math.ceil(retryAfterMs / 1000)}`;
  }
  // A newer copy may have further codes
  const isKnown = Object.hasOwn(statuses, error.code);
  return { status: isKnown ? statuses[error.code] : 502, headers };
}
