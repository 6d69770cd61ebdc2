import { readOptions } from "../core/options.ts";
import { rangeError } from "./refusal.ts";

/** A fault to inject into a request; its fields can be combined. */
export interface Fault {
  /**
   * The requests that it is for: those to the API, or those for files. Default:
   * both.
   */
  target?: "api" | "file" | undefined;
  /** Milliseconds before the response; with `Infinity`, it never comes. */
  delayMs?: number | undefined;
  /**
   * The HTTP status of the response, 200 to 599. From 400 on, the request has no
   * effect.
   */
  status?: number | undefined;
  /** Headers to add or replace in the response; undefined removes one. */
  headers?: Record<string, string | undefined> | undefined;
  /**
   * The body: a string is sent as it is, anything else as JSON. Default: an
   * error for a status of 400 or more, otherwise the usual body.
   */
  body?: unknown;
  /**
   * How many bytes of the body come before the delay or the break in it. Default:
   * half of them.
   */
  afterBytes?: number | undefined;
  /**
   * Milliseconds between the halves of the body, or after `afterBytes`; `Infinity`
   * stalls it.
   */
  bodyDelayMs?: number | undefined;
  /**
   * Break the connection before the response, or after half of its body, or after
   * `afterBytes`.
   */
  disconnect?: "before-response" | "in-body" | undefined;
  /** Of a file: send the whole, whatever range was asked for. Default: false. */
  ignoreRange?: boolean | undefined;
  /**
   * Of a file: respond as if it had changed, with other bytes and another `ETag`.
   * Default: false.
   */
  changed?: boolean | undefined;
}

/** The names of its fields; the compiler holds them complete. */
export const faultNames: readonly string[] = Object.keys(
  {
    target: true,
    status: true,
    delayMs: true,
    bodyDelayMs: true,
    afterBytes: true,
    disconnect: true,
    headers: true,
    body: true,
    ignoreRange: true,
    changed: true,
  } satisfies Record<keyof Fault, true>,
);

/** A body as text, unless it is undefined. */
function toText(body: unknown): string | undefined {
  if (body === undefined || typeof body === "string") return body;
  try {
    const text = JSON.stringify(body);
    if (text !== undefined) return text;
  } catch {
    // It contains itself, or a BigInt, or an error of its own
  }
  throw new TypeError(
    "Cannot inject the fault as 'body' must be JSON data or text",
  );
}

/** A copy of a fault; throws if no response can have its status or body. */
export function checkedFault(given: Fault): Fault {
  const fault = { ...readOptions("fault", given, faultNames) };
  const doing = "inject the fault";
  const { status = 200 } = fault;
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw rangeError(doing, "status", "an integer from 200 to 599", status);
  }
  const { afterBytes = 0 } = fault;
  if (!Number.isSafeInteger(afterBytes) || afterBytes < 0) {
    throw rangeError(doing, "afterBytes", "an integer from 0", afterBytes);
  }
  const body = toText(fault.body);
  return body === undefined ? fault : { ...fault, body };
}

/** Waits; rejects with the reason of an abort, as `fetch` does. */
export function delay(ms: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const end = () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    };
    const timer = ms === Infinity ? undefined : setTimeout(end, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
