import { refreshJoinTokenOperation } from "../core/join_tokens.ts";
import { readBodyInit, wholeBody, wholeBytes } from "./bodies.ts";
import { settle } from "./due.ts";
import { type Content, contentOf } from "./content.ts";
import { delay, type Fault } from "./faults.ts";
import {
  baseOf,
  type FakeResponse,
  isFileUrl,
  respondWithFile,
} from "./files.ts";
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

/** A body of text or of the bytes of a file, with a fault's effect on it. */
function bodyInit(
  body: string | Content,
  fault: Fault,
  signal: AbortSignal | undefined,
): BodyInit {
  const isWhole = fault.bodyDelayMs === undefined && !fault.disconnect;
  if (typeof body === "string") {
    if (isWhole) return wholeBody(body);
    return pieces(contentOf(new TextEncoder().encode(body)), fault, signal);
  }
  return isWhole && body.size <= maxWholeBytes
    ? wholeBytes(body.read(0, body.size))
    : pieces(body, fault, signal);
}

/** Makes the response, with a fault's effect on it. */
function write(
  { status, body, file, headers }: FakeResponse,
  fault: Fault,
  signal: AbortSignal | undefined,
): Response {
  const content = file ??
    (typeof body === "string" ? body : JSON.stringify(body));
  const isEmpty = content === undefined || [204, 205, 304].includes(status);
  return new Response(isEmpty ? null : bodyInit(content, fault, signal), {
    status,
    headers: withHeaders(headers, fault),
  });
}

/** The response to a request for a file. */
function fileResponse(
  state: State,
  request: FakeRequest,
  fault: Fault,
): FakeResponse {
  settle(state);
  const usual = respondWithFile(state, request, fault);
  const { status = usual.status } = fault;
  const { body = refusalOf(fault)?.body ?? usual.body } = fault;
  if (body === undefined) return { ...usual, status };
  const { "content-length": _, ...headers } = usual.headers ?? {};
  return { status, body, headers };
}

/** Returns the `fetch` of a fake. */
export function transport(
  state: State,
  access: Access,
  log: Log,
): (input: string | URL | Request, init?: RequestInit) => Promise<Response> {
  /** What it responds without a fault, or with one that refuses the request. */
  const usualResponse = (
    request: FakeRequest,
    faulty: FakeResponse | undefined,
  ): FakeResponse => {
    const problem = accessProblem(request, access);
    if (problem) return problem;
    const { isOver, headers = {} } = log.count?.() ?? {};
    const { status, body } = isOver
      ? refusal(
        429,
        "You have exceeded the maximum number of allowed requests.",
      )
      : faulty ?? respond(state, { body: "", ...request });
    return { status, body, headers };
  };

  const apiResponse = (
    request: FakeRequest,
    fault: Fault,
    number: string,
  ): FakeResponse => {
    state.files.base = baseOf(request.url);
    settle(state);
    const faulty = refusalOf(fault);
    const usual = usualResponse(request, faulty);
    const shown = faulty ?? usual;
    const { body = access.bareErrors ? bare(shown) : shown.body } = fault;
    const headers = {
      "content-type": "application/json; charset=utf-8",
      "x-request-id": `00000000-0000-4000-8000-${number}`,
      ...usual.headers,
    };
    return { status: fault.status ?? usual.status, body, headers };
  };

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
    const response = isFile
      ? fileResponse(state, request, fault)
      : apiResponse(request, fault, number);
    const { status, body } = response;
    request.status = status;
    const made = write(response, fault, signal);
    answered?.({ status, headers: Object.fromEntries(made.headers), body });
    return made;
  };
}
