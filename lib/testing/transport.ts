import { settle } from "./due.ts";
import { delay, type Fault, halves } from "./faults.ts";
import { refreshJoinTokenOperation } from "../join_tokens.ts";
import { refusal } from "./refusal.ts";
import { findRoute, respond } from "./routes.ts";
import type { State } from "./state.ts";

/**
 * A rate limit over fixed windows, the first of which a request begins.
 */
export interface FakeRateLimit {
  /** Requests in a window. */
  limit: number;
  /** Length of a window, in milliseconds. */
  windowMs: number;
}

/**
 * A request that the fake has seen.
 */
export interface FakeRequest {
  /** The method, such as `"GET"`. */
  method: string;
  /** The absolute URL. */
  url: string;
  /** The headers, their names in lower case; the token is among them. */
  headers: Record<string, string>;
  /** The body; absent if there was none. */
  body?: string;
  /** The status of its response; absent if it got none. */
  status?: number;
}

/** Who may ask the fake, and how often. */
export interface Access {
  /** The tokens that are accepted; undefined for any. */
  tokens: Set<string> | undefined;
  /** Tokens that are known but may not see the rooms. */
  forbidden: Set<string>;
  rateLimit: FakeRateLimit | undefined;
  /** Whether a 403 and a 404 are the error by itself. */
  bareErrors: boolean;
}

/** What the fake remembers of its requests. */
export interface Log {
  requests: FakeRequest[];
  /** The faults that were ordered, the next one first. */
  faults: Fault[];
}

/** Counts a request; tells whether it is over the limit, and the headers. */
type Count = () => { isOver: boolean; headers: Record<string, string> };

function counter({ limit, windowMs }: FakeRateLimit, now: () => number): Count {
  let [end, used] = [-Infinity, 0];
  return () => {
    const at = now();
    if (at >= end) [end, used] = [at + windowMs, 0];
    used++;
    return {
      isOver: used > limit,
      headers: {
        "x-ratelimit-limit": `${limit}, ${limit};window=${windowMs / 1000}`,
        "x-ratelimit-remaining": String(Math.max(0, limit - used)),
        "x-ratelimit-reset": String(Math.ceil((end - at) / 1000)),
      },
    };
  };
}

interface FakeResponse {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** Whether it is a call that takes no token, as the provider's own web app. */
function isOpen(request: FakeRequest): boolean {
  return request.headers.authorization === undefined &&
    findRoute(request)?.operation === refreshJoinTokenOperation;
}

/** Makes what responds to a request that meets no fault. */
function responder(state: State, { tokens, forbidden, rateLimit }: Access) {
  const count = rateLimit && counter(rateLimit, state.now);
  return (
    request: FakeRequest,
    ordered: FakeResponse | undefined,
  ): FakeResponse => {
    const { method, url, headers, body = "" } = request;
    const token = isOpen(request)
      ? ""
      : /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
    if (token !== undefined && forbidden.has(token)) {
      return refusal(403, "This token may not see the rooms.");
    }
    if (token === undefined || (token && tokens && !tokens.has(token))) {
      return refusal(401, "The token is missing or unknown.");
    }
    const call = { method, url, body };
    if (!count) return ordered ?? respond(state, call);
    const { isOver, headers: limits } = count();
    const { status, body: told } = isOver
      ? refusal(
        429,
        "You have exceeded the maximum number of allowed requests.",
      )
      : ordered ?? respond(state, call);
    const wait = { "retry-after": limits["x-ratelimit-reset"] as string };
    return { status, body: told, headers: { ...limits, ...isOver && wait } };
  };
}

/** The error by itself that the reference pages show of a 403 and a 404. */
function bare({ status, body }: FakeResponse): unknown {
  const [error] = (body as { errors?: unknown[] } | undefined)?.errors ?? [];
  return error && (status === 403 || status === 404) ? error : body;
}

/** What a fault says in place of carrying the request out, if it does. */
function refusalOf({ status }: Fault): FakeResponse | undefined {
  return status === undefined || status < 400
    ? undefined
    : refusal(status, "This fault was ordered.");
}

/** Makes the `fetch` of a fake. */
export function transport(
  state: State,
  access: Access,
  { requests, faults }: Log,
): (input: string | URL | Request, init?: RequestInit) => Promise<Response> {
  const toResponse = responder(state, access);
  return async (input, init) => {
    const whole = new Request(input, init);
    const { method, url, headers, signal } = whole;
    const sent = await whole.text();
    const request: FakeRequest = {
      method,
      url,
      headers: Object.fromEntries(headers),
      ...sent && { body: sent },
    };
    requests.push(request);
    const number = requests.length;
    const fault = faults.shift() ?? {};

    signal.throwIfAborted();
    if (fault.delayMs) await delay(fault.delayMs, signal);
    if (fault.disconnect === "before-response") {
      throw new TypeError("The connection broke before the response");
    }

    settle(state);
    const ordered = refusalOf(fault);
    const proper = toResponse(request, ordered);
    const status = fault.status ?? proper.status;
    const shown = ordered ?? proper;
    const body = fault.body !== undefined
      ? fault.body
      : access.bareErrors
      ? bare(shown)
      : shown.body;
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const isWhole = fault.bodyDelayMs === undefined && !fault.disconnect;
    request.status = status;
    return new Response(
      body === undefined || [204, 205, 304].includes(status)
        ? null
        : isWhole
        ? text
        : halves(text, fault, signal),
      {
        status,
        headers: {
          "content-type": "application/json; charset=utf-8",
          "x-request-id": `00000000-0000-4000-8000-${
            String(number).padStart(12, "0")
          }`,
          ...proper.headers,
          ...fault.headers,
        },
      },
    );
  };
}
