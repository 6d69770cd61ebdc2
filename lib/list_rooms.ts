import { checkCount, checkType, isDate, refusal } from "./arguments.ts";
import type { FetchFn } from "./attempt.ts";
import {
  array,
  type Decoder,
  field,
  integer,
  type Mismatch,
  record,
} from "./decode.ts";
import type { ResponseHeaders } from "./rate_limit.ts";
import {
  apiRequest,
  type RoomRequest,
  type RoomRequestOptions,
} from "./request.ts";
import { parseAnswer } from "./response.ts";
import { type Room, room } from "./room.ts";
import { type CallOptions, send } from "./send.ts";

/** The most rooms that the API puts on a page. */
const largestPage = 250;

/**
 * Days that a date has to lie on or between, as `YYYY-MM-DD`; what is left out
 * limits nothing. In which time zone a day begins is not documented.
 *
 * @example Rooms of a month
 * ```ts
 * import { type DateFilter, roomsRequest } from "@videorooms/telnyx/core";
 * import { assert } from "@std/assert";
 *
 * const april: DateFilter = { gte: "2021-04-01", lte: "2021-04-30" };
 * const { url } = roomsRequest("KEY", { createdAt: april });
 * assert(url.endsWith("%5Blte%5D=2021-04-30"));
 * ```
 */
export interface DateFilter {
  /** That day. */
  eq?: string | undefined;
  /** That day or later. */
  gte?: string | undefined;
  /** That day or earlier. */
  lte?: string | undefined;
}

/**
 * What of a listing's options shapes the request.
 *
 * @example The room of a name
 * ```ts
 * import { roomsRequest, type RoomsRequestOptions } from "@videorooms/telnyx/core";
 * import { assert } from "@std/assert";
 *
 * const named: RoomsRequestOptions = { uniqueName: "My Room" };
 * assert(roomsRequest("KEY", named).url.endsWith("=My+Room"));
 * ```
 */
export interface RoomsRequestOptions extends RoomRequestOptions {
  /** The room of that name (`filter[unique_name]`). */
  uniqueName?: string | undefined;
  /** Rooms that were made then (`filter[date_created_at]`). */
  createdAt?: DateFilter | undefined;
  /** Rooms that last changed then (`filter[date_updated_at]`). */
  updatedAt?: DateFilter | undefined;
  /**
   * Which page, from 1 (`page[number]`); of `allRooms`, the first one. Default:
   * 1.
   */
  pageNumber?: number | undefined;
  /**
   * Rooms on a page, 1 to 250 (`page[size]`). Default: 20, the provider's own;
   * 250 for `allRooms`. With `includeSessions` a page can be large: ask for
   * fewer rooms where it passes `maxBodyBytes` or a time-out.
   */
  pageSize?: number | undefined;
}

/**
 * Everything that can be said of a listing. All of it is optional.
 *
 * @example Small pages, and not for long
 * ```ts
 * import { listRooms, type ListRoomsOptions } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const opts: ListRoomsOptions = { pageSize: 5, timeoutMs: 2000 };
 * const { meta } = await listRooms(fakeRooms().fetch, "any", opts);
 * assertEquals(meta.page_size, 5);
 * ```
 */
export interface ListRoomsOptions extends RoomsRequestOptions, CallOptions {}

/**
 * Where a page is in the list. Only `total_pages` is sure to be there: without
 * it, the last page can't be recognized. Any other field may be absent or null,
 * since the API marks none as required. Fields that are not listed are kept as
 * well.
 *
 * @example Is there another page?
 * ```ts
 * import type { PageMeta } from "@videorooms/telnyx";
 * import { assert } from "@std/assert";
 *
 * const hasNext = ({ page_number, total_pages }: PageMeta) =>
 *   (page_number ?? 1) < total_pages;
 * assert(hasNext({ page_number: 1, total_pages: 2 }));
 * ```
 */
export interface PageMeta {
  /** Which page it is, from 1. */
  page_number?: number | null;
  /** How many rooms a page holds at the most. */
  page_size?: number | null;
  /** How many pages there are. */
  total_pages: number;
  /** How many rooms there are on all pages. */
  total_results?: number | null;
}

/**
 * A page of the list of rooms, its fields named as on the wire (Telnyx API
 * reference, *View a list of rooms*). Fields that are not listed are kept.
 *
 * @example The ids on a page
 * ```ts
 * import { listRooms, type RoomPage } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const { fetch } = fakeRooms({ rooms: [{ id }] });
 * const page: RoomPage = await listRooms(fetch, "any");
 * assertEquals(page.data.map((room) => room.id), [id]);
 * ```
 */
export interface RoomPage {
  /** The rooms on this page, in the provider's order. */
  data: Room[];
  /** Where the page is in the list. */
  meta: PageMeta;
}

// Bundlers that can't see into a call keep it, for whoever imports getRoom
// alone as well, unless it is marked as free of effects
const pageMeta = /* @__PURE__ */ record<PageMeta>((its) =>
  integer("page_number", its.page_number, "optional") ??
    integer("page_size", its.page_size, "optional") ??
    integer("total_pages", its.total_pages, "required") ??
    integer("total_results", its.total_results, "optional")
);

const rooms = /* @__PURE__ */ array(room);

const roomPage: Decoder<RoomPage> = /* @__PURE__ */ record<RoomPage>((its) =>
  field("data", its.data, "required", rooms) ??
    field("meta", its.meta, "required", pageMeta)
);

/** Adds what a filter of days says to a query. */
function addDates(
  query: URLSearchParams,
  option: "createdAt" | "updatedAt",
  name: string,
  dates: DateFilter = {},
): void {
  checkType(option, "object", dates);
  for (const bound of ["eq", "gte", "lte"] as const) {
    const date = dates[bound];
    if (date === undefined) continue;
    if (!isDate(date)) {
      throw refusal(`${option}.${bound}`, "a day, as YYYY-MM-DD", date);
    }
    query.append(`filter[${name}][${bound}]`, date);
  }
}

/**
 * Makes the request for a page of rooms, without sending it. It has no effects
 * and always gives the same answer for the same arguments.
 *
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts What to ask for, and where.
 * @returns The request, for any HTTP client.
 * @throws {InvalidArgumentError} If no request can be made of the arguments.
 *
 * @example
 * ```ts
 * import { roomsRequest } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * const { url } = roomsRequest("KEY", {
 *   createdAt: { gte: "2026-01-01" },
 *   pageNumber: 2,
 * });
 * assertEquals(
 *   decodeURIComponent(url),
 *   "https://api.telnyx.com/v2/rooms" +
 *     "?filter[date_created_at][gte]=2026-01-01&page[number]=2",
 * );
 * ```
 */
export function roomsRequest(
  token: string,
  opts: RoomsRequestOptions = {},
): RoomRequest {
  checkType("opts", "object", opts);
  const { createdAt, updatedAt, uniqueName, pageNumber, pageSize } = opts;
  const request = apiRequest(token, "/rooms", opts);
  const url = new URL(request.url);
  const query = url.searchParams;
  addDates(query, "createdAt", "date_created_at", createdAt);
  addDates(query, "updatedAt", "date_updated_at", updatedAt);
  if (uniqueName !== undefined) {
    // Half a surrogate pair would be sent as another character
    if (typeof uniqueName !== "string" || !/^\P{Cs}+$/u.test(uniqueName)) {
      throw refusal("uniqueName", "a name in whole characters", uniqueName);
    }
    query.append("filter[unique_name]", uniqueName);
  }
  if (pageNumber !== undefined) {
    checkCount("pageNumber", pageNumber);
    query.append("page[number]", `${pageNumber}`);
  }
  if (pageSize !== undefined) {
    checkCount("pageSize", pageSize);
    if (pageSize > largestPage) {
      throw refusal("pageSize", `at most ${largestPage}`, pageSize);
    }
    query.append("page[size]", `${pageSize}`);
  }
  return { ...request, url: url.href };
}

/**
 * Reads an answer as a page of rooms. It has no effects and always gives the
 * same answer for the same arguments. The body is accepted or refused, not
 * changed: unknown fields, nulls and the order of keys stay.
 *
 * @param status The HTTP status.
 * @param headers The answer's headers, such as a `Headers`.
 * @param body The answer's body, as text.
 * @param now The time in milliseconds since the epoch, such as `Date.now()`.
 * Without it, a `Retry-After` or `x-ratelimit-reset` that is a time of day is not
 * read.
 * @returns The page: the body.
 * @throws {ApiError} If the status is not 200.
 * @throws {InvalidResponseError} If the body is not a page as documented.
 *
 * @example
 * ```ts
 * import { parseRooms } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * const body = '{"data":[],"meta":{"total_pages":0}}';
 * assertEquals(parseRooms(200, new Headers(), body).data, []);
 * ```
 */
export function parseRooms(
  status: number,
  headers: ResponseHeaders,
  body: string,
  now?: number,
): RoomPage {
  return parseAnswer({ status, headers, text: body }, roomPage, now);
}

/**
 * Lists an account's rooms, one page of them: `GET /rooms` (Telnyx API
 * reference, *View a list of rooms*). {@linkcode allRooms} has every page.
 *
 * What holds of `getRoom` holds of it: it touches nothing but `fetchFn`, timers
 * and the clock, leaves nothing behind, and the page is what came, unknown
 * fields included, or an error that says where it is wrong.
 *
 * @param fetchFn What sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts What to ask for, where, how long and how often.
 * @returns The page. Whether a page past the last one is empty or an error is
 * not documented.
 * @throws {InvalidArgumentError} If no request can be made of the arguments.
 * @throws {ApiError} If the answer's status is not 200, redirects included.
 * @throws {NetworkError} If no answer came, or it broke off.
 * @throws {TimeoutError} If the answer took too long.
 * @throws {InvalidResponseError} If the answer is not a page as documented.
 * @throws {ResponseTooLargeError} If the answer is too large.
 * @throws The signal's reason, if `opts.signal` aborts.
 *
 * @example The second page of the rooms that were made in a month
 * ```ts
 * import { listRooms } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const rooms = ["01", "14", "28"].map((day) => ({
 *   id: `7b61621f-62e0-4aad-ab11-9fd19e272e${day}`,
 *   created_at: `2026-02-${day}T09:46:20.954863Z`,
 * }));
 * const { fetch } = fakeRooms({ rooms });
 *
 * const { data, meta } = await listRooms(fetch, "any", {
 *   createdAt: { gte: "2026-02-01", lte: "2026-02-28" },
 *   pageNumber: 2,
 *   pageSize: 2,
 * });
 * assertEquals(data.map(({ id }) => id), [rooms[2]?.id]);
 * assertEquals(meta.total_results, 3);
 * ```
 */
export async function listRooms(
  fetchFn: FetchFn,
  token: string,
  opts: ListRoomsOptions = {},
): Promise<RoomPage> {
  const request = roomsRequest(token, opts);
  return await send(fetchFn, request, token, roomPage, opts);
}

/**
 * Tells why a page can't be the one that was asked for, or can't be followed
 * by another one after `most` pages; nothing when it can.
 */
function stray(
  { page_number, total_pages }: PageMeta,
  asked: number,
  most: number,
): Mismatch | undefined {
  // Past the end, some servers answer with the last page again
  if ((page_number ?? asked) !== asked) {
    if (total_pages >= asked) {
      return {
        pointer: "/meta/page_number",
        expected: "the page that was asked for",
        received: "another",
      };
    }
  } else if (asked >= most && total_pages > asked) {
    return {
      pointer: "/meta/total_pages",
      expected: "an end",
      received: "twice as many as at first",
    };
  }
}

/**
 * Yields every room of an account, page after page. A page is fetched when its
 * first room is asked for, so to `break` out of the loop costs no request.
 *
 * It ends after the page that the last answer has for the last one, at an
 * empty page, or at a page past the end. So each request but the last brings
 * at least one room. A list that has doubled its pages while it is read, and
 * still has no end, is an error; and so is an answer with another page than
 * the one asked for, since rooms would be missing.
 *
 * Pages are counted, so rooms that are made or removed meanwhile move the
 * others: one can come twice, which its `id` tells, or be passed over. Large
 * pages make that rarer, and requests fewer: hence 250 rooms on each, unless
 * `pageSize` says otherwise.
 *
 * Time-outs, retries and bounds hold for each page by itself, and `onAttempt`
 * counts from 1 on each. A failure ends it: start anew, or from that page with
 * `pageNumber`.
 *
 * @param fetchFn What sends the requests: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts What to ask for, where, how long and how often.
 * @returns A generator of the rooms. It throws what {@linkcode listRooms}
 * throws, also of the arguments, when the next room is asked for; and the
 * signal's reason once `opts.signal` has aborted.
 *
 * @example Who is in session?
 * ```ts
 * import { allRooms } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const rooms = [{ id, unique_name: "Standup", active_session_id: id }];
 * const { fetch } = fakeRooms({ rooms });
 *
 * const names: unknown[] = [];
 * for await (const room of allRooms(fetch, "any")) {
 *   if (room.active_session_id) names.push(room.unique_name);
 * }
 * assertEquals(names, ["Standup"]);
 * ```
 */
export async function* allRooms(
  fetchFn: FetchFn,
  token: string,
  opts: ListRoomsOptions = {},
): AsyncGenerator<Room, void, undefined> {
  checkType("opts", "object", opts);
  const { pageNumber = 1, pageSize = largestPage, signal } = opts;
  let most = Infinity;
  for (let asked = pageNumber;; asked++) {
    const request = roomsRequest(token, {
      ...opts,
      pageNumber: asked,
      pageSize,
    });
    const decoder: Decoder<RoomPage> = (body) =>
      roomPage(body) ?? stray((body as RoomPage).meta, asked, most);
    const { data, meta: { page_number, total_pages } } = await send(
      fetchFn,
      request,
      token,
      decoder,
      opts,
    );
    if ((page_number ?? asked) !== asked) return;
    for (const room of data) {
      signal?.throwIfAborted();
      yield room;
    }
    if (data.length === 0 || asked >= total_pages) return;
    if (most === Infinity) most = 2 * total_pages;
  }
}
