import { settle } from "./due.ts";
import { delay, type Fault, halves } from "./faults.ts";
import { refreshJoinTokenOperation } from "../join_tokens.ts";
import { counter, type FakeRateLimit } from "./rate_limit.ts";
import { refusal } from "./refusal.ts";
import { findRoute, respond } from "./routes.ts";
import type { State } from "./state.ts";

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

interface FakeResponse {
  status: number;
  /** As JSON, unless it is a string; undefined for none. */
  body: unknown;
  headers?: Record<string, string>;
}

/** Whether it is the call that the provider's own web app makes without a key. */
function isOpen(request: FakeRequest): boolean {
  return request.headers.authorization === undefined &&
    findRoute(request)?.operation === refreshJoinTokenOperation;
}

/** The refusal of who asks; nothing if they may. */
function accessProblem(
  request: FakeRequest,
  { tokens, forbidden }: Access,
): FakeResponse | undefined {
  if (isOpen(request)) return;
  const { authorization = "" } = request.headers;
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  if (token !== undefined && forbidden.has(token)) {
    return refusal(403, "This token may not see the rooms.");
  }
  if (token === undefined || (tokens && !tokens.has(token))) {
    return refusal(401, "The token is missing or unknown.");
  }
}

/** Makes what responds to a request, unless something else is ordered. */
function responder(state: State, access: Access) {
  const count = access.rateLimit && counter(access.rateLimit, state.now);
  return (
    request: FakeRequest,
    ordered: FakeResponse | undefined,
  ): FakeResponse => {
    const problem = accessProblem(request, access);
    if (problem) return problem;
    const limit = count?.();
    const { status, body } = limit?.isOver
      ? refusal(
        429,
        "You have exceeded the maximum number of allowed requests.",
      )
      : ordered ?? respond(state, { body: "", ...request });
    return { status, body, headers: limit?.headers ?? {} };
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

/**
 * A request as data, and its signal. What is plain already makes no `Request`:
 * jsdom has none, and its signals are strange to that of Node.
 */
async function read(
  input: string | URL | Request,
  init: RequestInit = {},
): Promise<{ request: FakeRequest; signal: AbortSignal | undefined }> {
  const { body: sent = "" } = init;
  const whole = typeof sent === "string" && !Object(input).url
    ? {
      method: init.method?.toUpperCase() ?? "GET",
      url: new URL(input as string | URL).href,
      headers: new Headers(init.headers),
      signal: init.signal ?? undefined,
      text: () => sent,
    }
    : new Request(input, init);
  const { method, url, headers, signal } = whole;
  const body = await whole.text();
  const request = {
    method,
    url,
    headers: Object.fromEntries(headers),
    ...body && { body },
  };
  return { request, signal };
}

/** A response as it is sent, with what a fault does to its body. */
function write(
  { status, body, headers }: FakeResponse,
  fault: Fault,
  signal: AbortSignal | undefined,
): Response {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const isEmpty = body === undefined || [204, 205, 304].includes(status);
  const isWhole = fault.bodyDelayMs === undefined && !fault.disconnect;
  return new Response(
    isEmpty ? null : isWhole ? text : halves(text, fault, signal),
    { status, headers: { ...headers, ...fault.headers } },
  );
}

/** Makes the `fetch` of a fake. */
export function transport(
  state: State,
  access: Access,
  { requests, faults }: Log,
): (input: string | URL | Request, init?: RequestInit) => Promise<Response> {
  const toResponse = responder(state, access);
  return async (input, init) => {
    const { request, signal } = await read(input, init);
    const number = `${requests.push(request)}`.padStart(12, "0");
    const fault = faults.shift() ?? {};

    signal?.throwIfAborted();
    if (fault.delayMs) await delay(fault.delayMs, signal);
    if (fault.disconnect === "before-response") {
      throw new TypeError("The connection broke before the response");
    }

    settle(state);
    const ordered = refusalOf(fault);
    const proper = toResponse(request, ordered);
    const shown = ordered ?? proper;
    const { status = proper.status } = fault;
    const {
      body = access.bareErrors ? bare(shown) : shown.body,
    } = fault;
    request.status = status;
    const headers = {
      "content-type": "application/json; charset=utf-8",
      "x-request-id": `00000000-0000-4000-8000-${number}`,
      ...proper.headers,
    };
    return write({ status, body, headers }, fault, signal);
  };
}
