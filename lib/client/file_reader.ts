// Reads a file, over as many requests as it takes.
import {
  type FileBody,
  fileHeaders,
  type FilePart,
  readFileHead,
} from "../core/byte_range.ts";
import {
  canResume,
  downloadDelay,
  isAllowed,
  isRefusedLink,
  redirectUrl,
} from "../core/download_url.ts";
import { NetworkError, RoomsError, TimeoutError } from "../core/errors.ts";
import { failureOf, unlikeFetch } from "../core/failure.ts";
import { headerOf } from "../core/rate_limit.ts";
import { isRecord } from "../core/redact.ts";
import type { RetryPolicy } from "../core/retry.ts";
import { isBun } from "../core/runtime.ts";
import { late, waitsUntil } from "./arrival.ts";
import { isUnread } from "./attempt.ts";
import { type BodyReader, cancelReader } from "./body.ts";
import type { AttemptEvent } from "../core/call_options.ts";
import { callSafely, reportFailure, sleepUnlessFailed } from "./callback.ts";
import type { FetchFn, FetchResponse } from "./fetch_fn.ts";
import { isPage } from "./runtime.ts";
import { sleep } from "./timer.ts";

/** What a file is read with. */
export interface FileOptions {
  fetchFn: FetchFn;
  /** A link to the file, which may have been refused later. */
  url: string;
  /** Gets another link, within a time in milliseconds. */
  renew(timeoutMs: number): Promise<string>;
  /** What is known of the file. */
  part: FilePart;
  /** Whether the file, and redirects, may be at `http:`. */
  isHttpAllowed: boolean;
  /** Texts to redact. */
  secrets: readonly string[];
  /** Aborts everything. */
  signal: AbortSignal;
  /** Milliseconds until the first byte, and how many of them are left. */
  timeoutMs: number;
  leftMs: number;
  /** Milliseconds without a byte. */
  stallTimeoutMs: number;
  retry: RetryPolicy | false | undefined;
  onAttempt: ((event: AttemptEvent) => unknown) | undefined;
}

/** Reads a file from where its part ends. */
export interface FileReader {
  /** The next bytes; undefined at the end of the file. */
  read(): Promise<Uint8Array | undefined>;
  /** Ends the request, if there is one. */
  close(): void;
  /** What is known of the file by now. */
  readonly part: FilePart;
  /** The headers of the last response. */
  readonly contentType: string | undefined;
}

/** A request that is sent, or a response whose body is read. */
interface Exchange {
  controller: AbortController;
  reader?: BodyReader;
  response?: FetchResponse;
}

/** A response whose body is read. */
interface OpenBody extends Exchange {
  response: FetchResponse;
  body: FileBody;
  /** How many of its bytes came. */
  received: number;
}

/** A piece of a body, or its end, as its reader gives it. */
type Piece = Awaited<ReturnType<BodyReader["read"]>>;

/** Ends an exchange, and drops what comes of it. */
function end({ controller, reader, response }: Exchange): void {
  controller.abort();
  // A body may ignore the signal of its request
  cancelReader(reader ?? (response && openReader(response)));
}

function openReader({ body }: FetchResponse): BodyReader | undefined {
  return body && !body.locked ? body.getReader() : undefined;
}

/** The bytes of a piece of a body. */
function toBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  // Of another realm, or another view
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    return new Uint8Array(buffer, byteOffset, byteLength);
  }
  throw unlikeFetch("its body has other pieces than bytes");
}

/** Reads a file; whoever makes it has to close it, unless `read` came to an end. */
export function fileReader(options: FileOptions): FileReader {
  const { fetchFn, secrets, signal, stallTimeoutMs, isHttpAllowed } = options;
  let known: Omit<FilePart, "offset"> = options.part;
  /** The position of the next byte, which every piece moves. */
  let { offset } = options.part;
  let url: string | undefined = options.url;
  /** The link that was asked last, and where it redirected to. */
  let asked: string[] = [];
  let contentType: string | undefined;
  let open: OpenBody | undefined;
  /** Until when the first byte has to come. */
  let firstBy = performance.now() + options.leftMs;
  /** How many requests there were, in all and since the last progress. */
  let requests = 0;
  let attempts = 0;
  let began = 0;
  let waitingFor: "response" | "body" = "response";
  let isOver = false;

  const close = () => {
    if (open) end(open);
    open = undefined;
  };

  /** What is known of the file by now. */
  const currentPart = (): FilePart => ({ ...known, offset });

  /** What the error of a break adds if it is the last word. */
  const note = () =>
    canResume(currentPart())
      ? ""
      : "; it cannot be resumed, as its host gave it no strong ETag";

  const beginWait = waitsUntil(signal);
  /** Until when the host has to send what it was asked for then. */
  const lastTime = (since: number) => Math.min(since + stallTimeoutMs, firstBy);

  /** Waits for what the host has to send, for as long as it may take since then. */
  const arrival = <T>(
    ask: () => PromiseLike<T>,
    since: number,
  ): Promise<T | typeof late> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      ask().then(resolve, reject);
      beginWait({ by: lastTime(since), giveUp: resolve, reject });
    });

  /** The error of a wait that took too long. */
  const lateError = (since: number): TimeoutError =>
    firstBy < since + stallTimeoutMs
      ? new TimeoutError(options.timeoutMs, waitingFor, "timeoutMs", note())
      : new TimeoutError(stallTimeoutMs, waitingFor, "stallTimeoutMs", note());

  /** Sends one request; resolves to its response. */
  const send = async (
    target: string,
    redirect: "manual" | "follow",
  ): Promise<Exchange & { response: FetchResponse }> => {
    const controller = new AbortController();
    const init = {
      method: "GET",
      headers: fileHeaders(currentPart()),
      redirect,
      // Bun before 1.4 asks again where a kept connection breaks within a body,
      // and gives the bytes of both responses as one
      ...isBun() && { keepalive: false },
      signal: controller.signal,
    };
    const pending = new Promise<FetchResponse>((resolve) =>
      resolve(fetchFn(target, init))
    );
    const since = performance.now();
    try {
      const response = await arrival(() => pending, since);
      if (response === late) throw lateError(since);
      if (!isRecord(response) || !isUnread(response)) {
        throw unlikeFetch("it returned no Response, or one that was read");
      }
      return { controller, response };
    } catch (error) {
      controller.abort();
      // A response that comes still
      pending.then((response) => end({ controller, response })).catch(() => {});
      throw error;
    }
  };

  /** Asks for the rest of the file, and follows redirects. */
  const request = async (from: string): Promise<OpenBody> => {
    waitingFor = "response";
    let target = from;
    asked = [from];
    let redirect: "manual" | "follow" = "manual";
    for (let count = 0;; count++) {
      const exchange = await send(target, redirect);
      const { response } = exchange;
      try {
        if (response.url && !isAllowed(response.url, isHttpAllowed)) {
          throw unlikeFetch("it followed a redirect to no https URL");
        }
        // A browser tells nothing of a redirect, and follows it to http(s) only
        if (response.type === "opaqueredirect" && redirect === "manual") {
          redirect = "follow";
          end(exchange);
          continue;
        }
        const at = { url: target, count, isHttpAllowed };
        const next = redirectUrl(response, at);
        if (next !== undefined) {
          target = next;
          asked.push(next);
          end(exchange);
          continue;
        }
        const body = readFileHead(currentPart(), response, Date.now());
        const reader = openReader(response);
        waitingFor = "body";
        contentType = headerOf(response.headers, "content-type") ?? undefined;
        return { ...exchange, ...reader && { reader }, body, received: 0 };
      } catch (error) {
        end(exchange);
        throw error;
      }
    }
  };

  /** The next new bytes of a body, whose next piece may be there; undefined at its end. */
  const next = async (
    from: OpenBody,
    arrived?: () => Promise<Piece | typeof late>,
  ): Promise<Uint8Array | undefined> => {
    const { reader, body: { skip, length } } = from;
    let since = performance.now();
    let pending = arrived;
    while (reader) {
      const piece = await (pending?.() ?? arrival(() => reader.read(), since));
      pending = undefined;
      if (piece === late) throw lateError(since);
      if (piece.done) break;
      const bytes = toBytes(piece.value);
      if (bytes.byteLength === 0) {
        await sleep(0, signal); // nobody else would get a turn
        continue;
      }
      since = performance.now();
      const known = Math.max(0, skip - from.received);
      from.received += bytes.byteLength;
      if (length !== undefined && from.received > length) {
        throw unlikeFetch("its body is longer than its headers say");
      }
      if (known < bytes.byteLength) return bytes.subarray(known);
    }
    const missing = (length ?? 0) - from.received;
    if (missing > 0 || from.received < skip) {
      throw new NetworkError(
        "The file did not arrive whole: check the network (it ended " +
          `${Math.max(missing, skip - from.received)} bytes early)${note()}`,
      );
    }
  };

  const isComplete = () => known.size !== undefined && offset >= known.size;

  const report = (
    error: RoomsError | undefined,
    waitMs?: number,
  ): AttemptEvent => ({
    operation: "GET download_url",
    attempt: attempts,
    status: open?.response.status,
    error,
    durationMs: performance.now() - began,
    waitMs,
  });

  /** The error of what was thrown. */
  const toError = (thrown: unknown): RoomsError => {
    const error = thrown instanceof RoomsError ? thrown : failureOf(thrown, {
      waitingFor,
      url: asked.at(-1) ?? options.url,
      // Whoever has a signed link may read the file
      secrets: [...secrets, ...asked.map((link) => new URL(link).search)],
      note: note(),
      isOfPage: isPage(),
      isForFile: true,
    });
    error.attempts = requests;
    return error;
  };

  /**
   * Reads on, whatever it takes: an empty piece, another request, a new link.
   *
   * @param arrived What came of the body that is open, if it was asked.
   */
  const readOn = async (
    arrived?: () => Promise<Piece | typeof late>,
  ): Promise<Uint8Array | undefined> => {
    let pending = arrived;
    while (!isOver) {
      signal.throwIfAborted();
      const leftMs = firstBy - performance.now();
      url ??= await options.renew(Math.min(leftMs, options.timeoutMs));
      let failure: RoomsError;
      try {
        if (!open) {
          requests++;
          attempts++;
          began = performance.now();
          open = await request(url);
        }
        const bytes = await next(open, pending);
        known = open.body.part;
        if (bytes) {
          attempts = 1;
          firstBy = Infinity;
          offset += bytes.byteLength;
          return bytes;
        }
        callSafely(options.onAttempt, report(undefined));
        close();
        isOver = known.size === undefined || isComplete();
        attempts = 0; // a host may send less than it was asked for
        continue;
      } catch (thrown) {
        signal.throwIfAborted();
        failure = toError(thrown);
      } finally {
        pending = undefined;
      }
      const isBreak = failure.code === "network" || failure.code === "timeout";
      if (isBreak && isComplete()) {
        isOver = true;
        close();
        continue;
      }
      const waitMs = canResume(currentPart())
        ? downloadDelay(failure, {
          attempt: attempts,
          remainingMs: Math.min(firstBy - performance.now(), options.timeoutMs),
          random: Math.random(),
          retry: options.retry,
        })
        : undefined;
      const event = report(failure, waitMs);
      close();
      const returned = options.onAttempt?.(event);
      if (waitMs === undefined) {
        reportFailure(returned);
        throw failure;
      }
      if (isRefusedLink(failure)) url = undefined;
      await sleepUnlessFailed(waitMs, signal, returned);
    }
  };

  /** The bytes of a piece that only have to be handed on; undefined for others. */
  const plainBytes = (
    from: OpenBody,
    piece: Piece,
  ): Uint8Array | undefined => {
    if (!(piece.value instanceof Uint8Array)) return undefined;
    const { body: { length = Infinity }, received } = from;
    const { byteLength } = piece.value;
    const isWithin = byteLength > 0 && received + byteLength <= length;
    return isWithin ? piece.value : undefined;
  };

  const read = (): Promise<Uint8Array | undefined> => {
    const from = open;
    const reader = from?.reader;
    if (!from || !reader || signal.aborted) return readOn();
    // Once a body has had new bytes, most of its pieces come this short way:
    // each promise takes time in a fast network
    return new Promise((resolve) => {
      let isSettled = false; // what comes after that counts no more
      const goOn = (arrived: () => Promise<Piece | typeof late>) => {
        if (isSettled) return;
        isSettled = true;
        resolve(readOn(arrived));
      };
      const fail = (reason: unknown) => goOn(() => Promise.reject(reason));
      reader.read().then((piece) => {
        if (isSettled) return;
        const bytes = plainBytes(from, piece);
        if (!bytes) return goOn(() => Promise.resolve(piece));
        from.received += bytes.byteLength;
        offset += bytes.byteLength;
        isSettled = true;
        resolve(bytes);
      }, fail);
      const giveUp = () => goOn(() => Promise.resolve(late));
      const by = lastTime(performance.now());
      beginWait({ by, giveUp, reject: fail });
    });
  };

  return {
    read,
    close,
    get part() {
      return currentPart();
    },
    get contentType() {
      return contentType;
    },
  };
}
