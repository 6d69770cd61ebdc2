import { checkToken, checkUuid, received } from "./arguments.ts";
import { InvalidArgumentError } from "./errors.ts";

/** What of a look-up's options shapes the request. */
export interface RoomRequestOptions {
  /**
   * Whether the room's sessions are in the answer (`include_sessions`); left
   * out of the query when undefined, which leaves the choice to the provider.
   */
  includeSessions?: boolean | undefined;
  /**
   * The API's address: `http` or `https`, without credentials, query or
   * fragment. Default: `https://api.telnyx.com/v2`.
   */
  baseUrl?: string | URL | undefined;
}

/** A request as data: `fetch(url, request)` sends it. */
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

const defaultBase = "https://api.telnyx.com/v2";
/** The base as a URL to append a path to, without a slash at its end. */
function checkBase(baseUrl: unknown): string {
  try {
    const url = new URL(String(baseUrl));
    if (
      /^https?:$/.test(url.protocol) && !url.username && !url.password &&
      !/[?#]/.test(url.href)
    ) return url.href.replace(/\/$/, "");
  } catch {
    // not a URL: said below
  }
  throw new InvalidArgumentError(
    "baseUrl",
    `must be an http or https URL without credentials, query or fragment, ` +
      `such as ${defaultBase}: ${received(baseUrl)}`,
  );
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
  checkToken(token);
  checkUuid("id", id);
  const { includeSessions, baseUrl } = opts;
  if (includeSessions !== undefined && typeof includeSessions !== "boolean") {
    throw new InvalidArgumentError(
      "includeSessions",
      `must be true or false: ${received(includeSessions)}`,
    );
  }
  const base = baseUrl === undefined ? defaultBase : checkBase(baseUrl);
  const query = includeSessions === undefined
    ? ""
    : `?include_sessions=${includeSessions}`;
  return {
    method: "GET",
    url: `${base}/rooms/${id}${query}`,
    headers: {
      accept: "application/json",
      authorization: `Bearer ${token}`,
    },
    redirect: "manual",
  };
}
