// Reads the body of a webhook, whatever a server gives for it.
import { WebhookError } from "../core/errors.ts";
import { isRecord } from "../core/redact.ts";
import {
  type BodyReader,
  cancelReader,
  readAtMost,
  type ReadBody,
} from "./body.ts";
import type { WebhookRequest } from "./webhooks.ts";

type WebhookBody = WebhookRequest["body"];

/** Whether a body is an unread web stream. */
function isStream(body: unknown): body is ReadableStream<unknown> {
  return isRecord(body) && body.locked === false &&
    typeof body.getReader === "function";
}

/** Whether a body is an unread stream of another kind, such as Node's. */
function isIterable(body: unknown): body is AsyncIterable<unknown> {
  return isRecord(body) && Symbol.asyncIterator in body &&
    !("getReader" in body) &&
    body.readableDidRead !== true && body.destroyed !== true;
}

/** Whether a body is bytes, also of another realm. */
function isBytes(
  body: unknown,
): body is ArrayBuffer | SharedArrayBuffer | ArrayBufferView {
  return isRecord(body) && typeof body.byteLength === "number";
}

/** Whether a value can be read as a body. */
export function isWebhookBody(body: unknown): boolean {
  return body === null || typeof body === "string" || isBytes(body) ||
    isStream(body) || isIterable(body);
}

/** A reader of an iterable, such as a stream of Node's. */
function readerOf(iterable: AsyncIterable<unknown>): BodyReader {
  const iterator = iterable[Symbol.asyncIterator]();
  return {
    async read() {
      const { done = false, value } = await iterator.next();
      return { done, value };
    },
    async cancel() {
      await iterator.return?.();
    },
  };
}

/** Reads a stream until it ends or exceeds `maxBytes`, within `timeoutMs`. */
async function readStream(
  reader: BodyReader,
  maxBytes: number,
  timeoutMs: number,
): Promise<ReadBody> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new AbortController();
  try {
    return await new Promise<ReadBody>((resolve, reject) => {
      timer = setTimeout(reject, timeoutMs);
      readAtMost(reader, maxBytes, over.signal).then(resolve, reject);
    });
  } catch {
    throw new WebhookError(
      "incomplete",
      `The body broke off, or took longer than ${timeoutMs} ms`,
    );
  } finally {
    clearTimeout(timer);
    over.abort();
    cancelReader(reader);
  }
}

async function bytesOf(
  body: WebhookBody,
  maxBytes: number,
  timeoutMs: number,
): Promise<ReadBody> {
  if (isStream(body)) {
    return await readStream(body.getReader(), maxBytes, timeoutMs);
  }
  if (isIterable(body)) {
    return await readStream(readerOf(body), maxBytes, timeoutMs);
  }
  let bytes = new TextEncoder().encode(typeof body === "string" ? body : "");
  if (isBytes(body)) {
    const { buffer, byteOffset } = ArrayBuffer.isView(body)
      ? body
      : { buffer: body, byteOffset: 0 };
    if (body.byteLength > maxBytes) return { problem: "too_large" };
    // A copy: the caller may go on to use its own
    bytes = new Uint8Array(body.byteLength);
    bytes.set(new Uint8Array(buffer, byteOffset, body.byteLength));
  }
  return bytes.byteLength > maxBytes ? { problem: "too_large" } : { bytes };
}

/** Reads a body whole; throws if it cannot be, or is too large. */
export async function readBody(
  body: WebhookBody,
  maxBytes: number,
  timeoutMs: number,
): Promise<Uint8Array> {
  const { bytes, problem } = await bytesOf(body, maxBytes, timeoutMs);
  if (bytes) return bytes;
  throw problem === "too_large"
    ? new WebhookError(
      "too_large",
      `The body is larger than ${maxBytes} bytes: raise 'maxBodyBytes'`,
    )
    : new WebhookError(
      "malformed",
      "The body must be a stream of bytes: leave out setEncoding()",
    );
}
