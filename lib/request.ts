import { checkType, isUuid, refusal } from "./arguments.ts";

/**
 * What of a call's options shapes its request, whatever it asks for.
 *
 * @example Ask another server
 * ```ts
 * import { roomRequest, type RoomRequestOptions } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const local: RoomRequestOptions = { baseUrl: "http://127.0.0.1:7070/v2" };
 * assertEquals(
 *   roomRequest("KEY", id, local).url,
 *   `http://127.0.0.1:7070/v2/rooms/${id}`,
 * );
 * ```
 */
export interface RoomRequestOptions {
  /**
   * Whether a room's sessions are in the answer (`include_sessions`); left out
   * of the query when undefined, which leaves the choice to the provider.
   */
  includeSessions?: boolean | undefined;
  /**
   * The API's address: `http` or `https`, without credentials, query or
   * fragment. Default: `https://api.telnyx.com/v2`.
   */
  baseUrl?: string | URL | undefined;
}

/**
 * A request as data: `fetch(url, request)` sends it.
 *
 * @example Send it with the client you have
 * ```ts
 * import { type RoomRequest, roomRequest } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const request: RoomRequest = roomRequest("KEY", id);
 * assertEquals(request.headers.authorization, "Bearer KEY");
 * ```
 */
export interface RoomRequest {
  /** Always `"GET"`, which is safe to repeat. */
  method: "GET";
  /** The absolute URL. */
  url: string;
  /** `accept`, and `authorization` with the token in it. */
  headers: Record<string, string>;
  /** Always `"manual"`: a redirect must not carry the token away. */
  redirect: "manual";
}

/** The base as a URL to append a path to, without a slash at its end. */
function checkBase(baseUrl: string | URL): string {
  try {
    const { href } = new URL(baseUrl);
    if (/^https?:\/\/[^@/]+\/[^?#]*$/.test(href)) {
      return href.replace(/\/$/, "");
    }
  } catch {
    // not a URL: said below
  }
  throw refusal(
    "baseUrl",
    "an http(s) URL without credentials, query or fragment",
    baseUrl,
  );
}

/** Makes the request for a path of the API: what all operations share. */
export function apiRequest(
  token: string,
  path: string,
  { includeSessions, baseUrl }: RoomRequestOptions,
): RoomRequest {
  if (typeof token !== "string" || !token) {
    throw refusal("token", "an API key", token);
  }
  // RFC 9110, section 5.5, less the space: no bearer token has one (RFC 6750)
  const wrong = token.search(/[^\x21-\x7e]/);
  if (wrong >= 0) {
    const expected = `the API key alone, in visible ASCII; see index ${wrong}`;
    throw refusal("token", expected, token);
  }
  if (includeSessions !== undefined) {
    checkType("includeSessions", "boolean", includeSessions);
  }
  const base = baseUrl === undefined
    ? "https://api.telnyx.com/v2"
    : checkBase(baseUrl);
  const query = includeSessions === undefined
    ? ""
    : `?include_sessions=${includeSessions}`;
  return {
    method: "GET",
    url: base + path + query,
    headers: {
      accept: "application/json",
      authorization: `Bearer ${token}`,
    },
    redirect: "manual",
  };
}

/**
 * Makes the request for a room, without sending it. It has no effects and
 * always gives the same answer for the same arguments.
 *
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The room's UUID.
 * @param opts What to ask for, and where.
 * @returns The request, for any HTTP client.
 * @throws {InvalidArgumentError} If no request can be made of the arguments.
 *
 * @example
 * ```ts
 * import { roomRequest } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * const { url } = roomRequest("KEY", "7b61621f-62e0-4aad-ab11-9fd19e272e73", {
 *   includeSessions: true,
 * });
 * assertEquals(
 *   url,
 *   "https://api.telnyx.com/v2/rooms/7b61621f-62e0-4aad-ab11-9fd19e272e73?include_sessions=true",
 * );
 * ```
 */
export function roomRequest(
  token: string,
  id: string,
  opts: RoomRequestOptions = {},
): RoomRequest {
  if (!isUuid(id)) throw refusal("id", "a UUID", id);
  return apiRequest(token, `/rooms/${id}`, opts);
}
