import type { CallOptions } from "./call.ts";
import type { WebhookOptions } from "./webhooks.ts";
import {
  ApiError,
  InvalidArgumentError,
  RoomsError,
  type RoomsErrorCode,
} from "./errors.ts";

/** What to answer to whom, by what happened. */
const statuses: Record<RoomsErrorCode, number> = {
  invalid_argument: 400,
  bad_request: 502,
  unauthorized: 502, // the server's own key, not the visitor's
  forbidden: 502,
  not_found: 404,
  unprocessable: 422,
  rate_limited: 429,
  server_error: 502,
  unexpected_status: 502,
  network: 502,
  timeout: 504,
  invalid_response: 502,
  response_too_large: 502,
  missing_header: 400, // webhooks: whoever sent it is not the provider
  bad_header: 400,
  too_old: 400,
  too_new: 400,
  too_large: 400,
  incomplete: 400,
  bad_signature: 400,
  malformed: 400,
  unsupported: 500,
};

/** The arguments that a server sets by itself; the others are a visitor's. */
const serverArguments: Record<
  | ("fetchFn" | "token" | "opts" | keyof CallOptions)
  | ("request" | "publicKey" | keyof WebhookOptions),
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
  request: true,
  publicKey: true,
  toleranceSecs: true,
  now: true,
};

/**
 * Decides how a server of your own answers when one of this module's calls
 * fails: the status, and the headers that go with it.
 *
 * | what happened                                | status                  |
 * | -------------------------------------------- | ----------------------- |
 * | an argument is wrong                         | 400                     |
 * | one of the server's own is, such as `token`  | 500                     |
 * | `not_found`                                  | 404                     |
 * | `unprocessable`                              | 422                     |
 * | `rate_limited`                               | 429, with `retry-after` |
 * | `timeout`                                    | 504                     |
 * | a webhook that is not the provider's         | 400                     |
 * | `unsupported`                                | 500                     |
 * | any other {@linkcode RoomsError}             | 502                     |
 * | anything else                                | 500                     |
 *
 * A status of 500 or more is not the visitor's to fix: log the error.
 *
 * @param error What the call rejected with.
 * @returns The status, and the headers: `retry-after` in whole seconds, if the
 * provider asked for a wait; else none. As a `ResponseInit`, it can be the
 * second argument of `Response.json()` and `new Response()`.
 *
 * @example
 * ```ts
 * import { getRoom, responseInit, RoomsError } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const { fetch } = fakeRooms();
 *
 * async function answer(id: string): Promise<Response> {
 *   try {
 *     return Response.json(await getRoom(fetch, "any", id));
 *   } catch (error) {
 *     const code = error instanceof RoomsError ? error.code : "internal";
 *     return Response.json({ error: code }, responseInit(error));
 *   }
 * }
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * assertEquals((await answer(id)).status, 404);
 * assertEquals((await answer("not-a-uuid")).status, 400);
 * ```
 */
export function responseInit(
  error: unknown,
): { status: number; headers: Record<string, string> } {
  const headers: Record<string, string> = {};
  if (!(error instanceof RoomsError)) return { status: 500, headers };
  if (error instanceof InvalidArgumentError) {
    const [argument = ""] = error.argument.split(".");
    const isOwn = Object.hasOwn(serverArguments, argument);
    return { status: isOwn ? 500 : statuses[error.code], headers };
  }
  if (
    error instanceof ApiError && error.code === "rate_limited" &&
    error.retryAfterMs !== undefined
  ) {
    headers["retry-after"] = `${Math.ceil(error.retryAfterMs / 1000)}`;
  }
  return { status: statuses[error.code], headers };
}
