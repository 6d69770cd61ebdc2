import { refreshJoinTokenOperation } from "../core/join_tokens.ts";
import { readBodyInit, wholeBody, wholeBytes } from "./bodies.ts";
import { settle } from "./due.ts";
import { delay, type Fault, halves } from "./faults.ts";
import { baseOf, isFileUrl, respondWithFile } from "./files.ts";
import { pieces } from "./pieces.ts";
import { type FakeRequest, type Log, nextFault, record } from "./log.ts";
import { refusal } from "./refusal.ts";
import { findRoute, respond } from "./routes.ts";
import type { State } from "./state.ts";

/** Who may use the fake, and how often. */
export interface Access {
  /** The tokens that are accepted; undefined for any. */
  tokens: Set<string> | undefined;
  /** Tokens that get a 403. */
  forbidden: Set<string>;
  /** Whether the body of a 403 or 404 is the bare error. */
  bareErrors: boolean;
}

interface FakeResponse {
  status: number;
  /** As JSON, unless it is a string; undefined for none. */
  body: unknown;
  headers?: Record<string, string>;
}

/** Whether the request needs no API key: Telnyx's web app sends none. */
function isPublic(request: FakeRequest): boolean {
  return request.headers.authorization === undefined &&
    findRoute(request)?.operation === refreshJoinTokenOperation;
}

/** The refusal of a request without a valid token. */
function accessProblem(
  request: FakeRequest,
  { tokens, forbidden }: Access,
): FakeResponse | undefined {
  if (isPublic(request)) return;
  const { authorization = "" } = request.headers;
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  if (token !== undefined && forbidden.has(token)) {
    return refusal(403, "This token may not see the rooms.");
  }
  if (token === undefined || (tokens && !tokens.has(token))) {
    return refusal(401, "The token is missing or unknown.");
  }
}

/** Returns what responds to requests, with the response of a fault if given. */
function responder(state: State, access: Access, log: Log) {
  return (
    request: FakeRequest,
    faulty: FakeResponse | undefined,
  ): FakeResponse => {
    const problem = accessProblem(request, access);
    if (problem) return problem;
    const limit = log.count?.();
    const { status, body } = limit?.isOver
      ? refusal(
        429,
        "You have exceeded the maximum number of allowed requests.",
      )
      : faulty ?? respond(state, { body: "", ...request });
    return { status, body, headers: limit?.headers ?? {} };
  };
}

/** The body with a bare error for a 403 or 404, as the reference pages show. */
function bare({ status, body }: FakeResponse): unknown {
  const [error] = (body as { errors?: unknown[] } | undefined)?.errors ?? [];
  return error && (status === 403 || status === 404) ? error : body;
}

/** The response of a fault that keeps a request from being carried out. */
function refusalOf({ status }: Fault): FakeResponse | undefined {
  return status === undefined || status < 400
    ? undefined
    : refusal(status, "This fault was injected.");
}

/**
 * A request as data, and its signal. It avoids `Request` where it can: jsdom has
 * none, and Node's refuses the signals of jsdom.
 */
export async function read(
  input: string | URL | Request,
  init: RequestInit = {},
): Promise<{ request: FakeRequest; signal: AbortSignal | undefined }> {
  if (typeof input === "object" && "url" in input) {
    const whole = new Request(input, init);
    const { method, url, headers, signal } = whole;
    const text = await whole.text();
    return { request: toData(method, url, headers, text), signal };
  }
  const { method = "GET", signal } = init;
  const headers = new Headers(init.headers);
  const { text, type } = await readBodyInit(init.body);
  if (type !== undefined && !headers.has("content-type")) {
    headers.set("content-type", type);
  }
  const { href } = new URL(input);
  return {
    request: toData(method.toUpperCase(), href, headers, text),
    signal: signal ?? undefined,
  };
}

/** A request as it is kept; an empty body is none. */
function toData(
  method: string,
  url: string,
  headers: Headers,
  body: string,
): FakeRequest {
  return {
    method,
    url,
    headers: Object.fromEntries(headers),
    ...body && { body },
  };
}

/** Makes the response, with a fault's effect on its body. */
function write(
  { status, body, headers }: FakeResponse,
  fault: Fault,
  signal: AbortSignal | undefined,
): Response {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const isEmpty = body === undefined || [204, 205, 304].includes(status);
  const isWhole = fault.bodyDelayMs === undefined && !fault.disconnect;
  return new Response(
    isEmpty ? null : isWhole ? wholeBody(text) : halves(text, fault, signal),
    { status, headers: withHeaders(headers, fault) },
  );
}

/** The headers of a response, with those that a fault sets, and without others. */
function withHeaders(
  usual: Record<string, string> | undefined,
  fault: Fault,
): Headers {
  const headers = new Headers(usual);
  for (const [name, value] of Object.entries(fault.headers ?? {})) {
    if (value === undefined) headers.delete(name);
    else headers.set(name, value);
  }
  return headers;
}

/** The most bytes of a file that are a body in one piece. */
const maxWholeBytes = 65_536;

/** Makes the response to a request for a file, with a fault's effect on it. */
function writeFile(
  state: State,
  request: FakeRequest,
  fault: Fault,
  signal: AbortSignal | undefined,
): Response {
  const usual = respondWithFile(state, request, fault);
  const { status = usual.status, body = refusalOf(fault)?.body } = fault;
  request.status = status;
  const { bytes } = usual;
  const otherBody = body ?? usual.refused;
  if (otherBody !== undefined) {
    const { "content-length": _, ...headers } = usual.headers;
    return write({ status, body: otherBody, headers }, fault, signal);
  }
  const headers = withHeaders(usual.headers, fault);
  if (!bytes) return new Response(null, { status, headers });
  const isWhole = fault.bodyDelayMs === undefined && !fault.disconnect &&
    bytes.size <= maxWholeBytes;
  return new Response(
    isWhole
      ? wholeBytes(bytes.read(0, bytes.size))
      : pieces(bytes, fault, signal),
    { status, headers },
  );
}

/** Returns the `fetch` of a fake. */
export function transport(
  state: State,
  access: Access,
  log: Log,
): (input: string | URL | Request, init?: RequestInit) => Promise<Response> {
  const toResponse = responder(state, access, log);
  return async (input, init) => {
    const { request, signal } = await read(input, init);
    const number = `${record(log, request)}`.padStart(12, "0");
    const isFile = isFileUrl(request.url);
    const fault = nextFault(log, isFile ? "file" : "api");
    const answered = log.observer?.(request, fault, signal);

    signal?.throwIfAborted();
    if (fault.delayMs) await delay(fault.delayMs, signal);
    if (fault.disconnect === "before-response") {
      throw new TypeError("The connection broke before the response");
    }

    if (!isFile) state.files.base = baseOf(request.url);
    settle(state);
    if (isFile) {
      const response = writeFile(state, request, fault, signal);
      const { status } = response;
      answered?.({ status, headers: Object.fromEntries(response.headers) });
      return response;
    }
    const faulty = refusalOf(fault);
    const usual = toResponse(request, faulty);
    const { status = usual.status } = fault;
    const shown = faulty ?? usual;
    const { body = access.bareErrors ? bare(shown) : shown.body } = fault;
    request.status = status;
    const headers = {
      "content-type": "application/json; charset=utf-8",
      "x-request-id": `00000000-0000-4000-8000-${number}`,
      ...usual.headers,
    };
    answered?.({ status, headers, body });
    return write({ status, body, headers }, fault, signal);
  };
}
