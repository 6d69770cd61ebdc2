import { refreshJoinTokenOperation } from "../core/join_tokens.ts";
import type { Activity } from "./activity.ts";
import {
  type ReadBody,
  readBodyInit,
  wholeBody,
  wholeBytes,
} from "./bodies.ts";
import { settle } from "./due.ts";
import { type Content, contentOf } from "./content.ts";
import type { FakeRoomsOptions } from "./fake_rooms.ts";
import { delay, type Fault } from "./faults.ts";
import {
  baseOf,
  type FakeResponse,
  isFileUrl,
  respondWithFile,
} from "./files.ts";
import { pieces } from "./pieces.ts";
import type { FakeRequest, Log } from "./log.ts";
import { refusal } from "./refusal.ts";
import { findRoute, respond } from "./routes.ts";
import type { State } from "./state.ts";

/** Whether the request needs no API key: Telnyx's web app sends none. */
function isPublic(request: FakeRequest): boolean {
  return request.headers.authorization === undefined &&
    findRoute(request)?.operation === refreshJoinTokenOperation;
}

/** The refusal of a request without a valid token. */
function accessProblem(
  request: FakeRequest,
  tokens: Set<string> | undefined,
  forbidden: Set<string>,
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
export async function readRequest(
  input: string | URL | Request,
  init: RequestInit = {},
): Promise<{ request: FakeRequest; signal: AbortSignal | undefined }> {
  const whole = typeof input === "object" && "url" in input
    ? new Request(input, init)
    : undefined;
  const { method = "GET", signal, headers: given } = whole ?? init;
  const headers = new Headers(given);
  const { text, type }: ReadBody = whole
    ? { text: await whole.text() }
    : await readBodyInit(init.body);
  if (type !== undefined && !headers.has("content-type")) {
    headers.set("content-type", type);
  }
  const request = {
    method: method.toUpperCase(),
    url: whole?.url ?? new URL(input as string | URL).href,
    headers: Object.fromEntries(headers),
    ...text && { body: text },
  };
  return { request, signal: signal ?? undefined };
}

/** The headers of a response, with those that a fault sets, and without others. */
function withHeaders(
  usual: Record<string, string> | undefined,
  fault: Fault,
): Headers {
  const json = { "content-type": "application/json; charset=utf-8" };
  const headers = new Headers({ ...json, ...usual });
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

function fileResponse(
  state: State,
  request: FakeRequest,
  fault: Fault,
): FakeResponse {
  const usual = respondWithFile(state, request, fault);
  const { status = usual.status } = fault;
  const { body = refusalOf(fault)?.body ?? usual.body } = fault;
  if (body === undefined) return { ...usual, status };
  const { "content-length": _, ...headers } = usual.headers ?? {};
  return { status, body, headers };
}

/** What answers the requests to a fake, but for those of control. */
export function transport(
  state: State,
  options: FakeRoomsOptions,
  log: Log,
  activity: Activity,
): (request: FakeRequest, signal?: AbortSignal) => Promise<Response> {
  const tokens = options.tokens && new Set(options.tokens);
  const forbidden = new Set(options.forbiddenTokens);
  const apiResponse = (
    request: FakeRequest,
    fault: Fault,
    number: number,
  ): FakeResponse => {
    const faulty = refusalOf(fault);
    // One without access counts against no limit
    const refused = accessProblem(request, tokens, forbidden);
    const { isOver = false, headers = {} } = refused ? {} : log.count();
    const usual = refused ??
      (isOver
        ? refusal(
          429,
          "You have exceeded the maximum number of allowed requests.",
        )
        : faulty ?? respond(state, { body: "", ...request }));
    const shown = faulty ?? usual;
    return {
      status: fault.status ?? usual.status,
      body: fault.body ?? (options.bareErrors ? bare(shown) : shown.body),
      headers: {
        "x-request-id": `00000000-0000-4000-8000-${
          `${number}`.padStart(12, "0")
        }`,
        ...headers,
      },
    };
  };

  return async (request, signal) => {
    const number = log.record(request);
    const isFile = isFileUrl(request.url);
    const fault = log.nextFault(isFile ? "file" : "api");
    const answered = activity.request(request, fault, signal);

    signal?.throwIfAborted();
    if (fault.delayMs) await delay(fault.delayMs, signal);
    if (fault.disconnect === "before-response") {
      throw new TypeError("The connection broke before the response");
    }
    if (!isFile) state.fileBase = baseOf(request.url);
    settle(state);
    const response = isFile
      ? fileResponse(state, request, fault)
      : apiResponse(request, fault, number);
    const { status, body } = response;
    request.status = status;
    const made = write(response, fault, signal);
    answered({ status, headers: made.headers, body });
    return made;
  };
}
