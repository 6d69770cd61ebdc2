// Verifies that a webhook comes from the provider, and reads its event.
import { checkArgument, inRange } from "../core/arguments.ts";
import { type Decoder, object, where } from "../core/decode.ts";
import { WebhookError } from "../core/errors.ts";
import { readEvent, type RoomEvent } from "../core/events.ts";
import { utf8 } from "./body.ts";

/**
 * A webhook as received: a web `Request`, or another server's request, such as
 * that of an Express handler behind `express.raw()`.
 */
export interface WebhookRequest {
  /** A `Headers`, or an object of headers such as Node's; names in any case. */
  readonly headers:
    | { get(name: string): string | null }
    | { readonly [name: string]: string | readonly string[] | undefined };
  /**
   * The raw body: bytes, text, or an unread stream of bytes. The signature does
   * not match a body that was parsed and serialized again.
   */
  readonly body:
    | ReadableStream<Uint8Array>
    | ArrayBuffer
    | ArrayBufferView
    | string
    | null;
  /** Whether the body was read already, as on a `Request`. */
  readonly bodyUsed?: boolean | undefined;
}

/** Options for `parseWebhook`. */
export interface WebhookOptions {
  /**
   * How far a webhook's timestamp may be from `now`, in whole seconds,
   * inclusive. Default: 300, as in the provider's SDKs.
   */
  toleranceSecs?: number | undefined;
  /** The time in milliseconds since the epoch. Default: `Date.now()`. */
  now?: number | undefined;
  /** Largest body, in bytes. Default: 1 MiB. */
  maxBodyBytes?: number | undefined;
  /** Milliseconds to read the body, if it is a stream. Default: 10 000. */
  timeoutMs?: number | undefined;
}

const webhookRequest: Decoder<WebhookRequest> = /* @__PURE__ */ where(
  "a Request whose body is unread, or { headers, body } with the raw body: " +
    "bytes, text, or an unread stream",
  (value) => {
    const { headers, body, bodyUsed } = Object(value);
    return headers === Object(headers) && !bodyUsed &&
      (body === null || typeof body === "string" || body?.byteLength >= 0 ||
        body?.locked === false);
  },
);

const options: Decoder<WebhookOptions> = /* @__PURE__ */ object<WebhookOptions>(
  {
    toleranceSecs: [/* @__PURE__ */ inRange("integer", 0), "optional"],
    now: [/* @__PURE__ */ inRange("number", 0, 8.64e15), "optional"],
    maxBodyBytes: [/* @__PURE__ */ inRange("integer", 0), "optional"],
    timeoutMs: [/* @__PURE__ */ inRange("number", 0), "optional"],
  },
);

const publicKeys: Decoder<string | string[]> = /* @__PURE__ */ where(
  "base64 of 32 bytes, or an array of such keys",
  (value) => {
    const keys = [value].flat() as string[];
    return keys.length > 0 &&
      keys.every((key) => /^[A-Za-z\d+/]{43}=$/.test(key));
  },
);

/** Reads a header and checks it against its documented form. */
function readHeader(
  headers: WebhookRequest["headers"],
  name: string,
  pattern: RegExp,
  expected: string,
): string {
  const { get } = headers;
  const value = typeof get === "function"
    ? get.call(headers, name)
    : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  const text = String(value ?? "");
  if (pattern.test(text)) return text;
  throw new WebhookError(
    text ? "bad_header" : "missing_header",
    `The header '${name}' must be ${expected}`,
  );
}

/** Reads a stream until it ends or exceeds `maxBytes`, within `timeoutMs`. */
async function readStream(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
  timeoutMs: number,
): Promise<Blob> {
  const reader = stream.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, timeoutMs);
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    while (size <= maxBytes) {
      const { done, value } = await Promise.race([reader.read(), timeout]);
      if (done) break;
      size += value.byteLength;
      chunks.push(value);
    }
    return new Blob(chunks as BlobPart[]);
  } catch {
    throw new WebhookError(
      "incomplete",
      `The body broke off, or took longer than ${timeoutMs} ms`,
    );
  } finally {
    clearTimeout(timer);
    reader.cancel().catch(() => {}); // not awaited: it may never settle
  }
}

/** Decodes UTF-8; invalid bytes give `""`, which is not JSON either. */
function toText(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return "";
  }
}

function toBytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** Whether the signature of the data is by one of the keys. */
async function isSigned(
  keys: string[],
  signature: string,
  data: ArrayBuffer,
): Promise<boolean> {
  try {
    const { subtle } = crypto;
    for (const key of keys) {
      const imported = await subtle.importKey(
        "raw",
        toBytes(key),
        "Ed25519",
        false,
        ["verify"],
      );
      if (
        await subtle.verify("Ed25519", imported, toBytes(signature), data)
      ) return true;
    }
    return false;
  } catch {
    throw new WebhookError(
      "unsupported",
      "This runtime can't verify Ed25519: update it",
    );
  }
}

/**
 * Verifies a webhook and returns its event (Telnyx, *Webhook fundamentals*).
 * The header `telnyx-signature-ed25519` must sign `telnyx-timestamp` and the
 * body with your account's key, and the timestamp must be recent.
 *
 * The body is read only if the headers are valid, and is bounded in bytes and
 * time. The event is returned as received: field names are those on the wire,
 * unknown fields are kept, and a field of the wrong type is an error that names
 * it.
 *
 * A webhook that is replayed within the tolerance passes, and so does one that
 * the provider delivers again: skip an event whose `id` you have seen. Respond
 * with a 2xx before you process the event.
 *
 * @param request The webhook: a `Request`, or its headers and raw body.
 * @param publicKey Your account's public key, as shown in the provider's
 * portal: base64 of 32 bytes; an array of keys during a rotation.
 * @param opts Limits on age, size and time.
 * @returns The event. An unknown type is not an error: the event is then an
 * `UnknownEvent`.
 * @throws {WebhookError} If it can't be trusted or read: respond with a 4xx,
 * unless its `code` is `unsupported`.
 * @throws {InvalidArgumentError} If `publicKey` is not a key, an option is out
 * of range, or `request` has no raw body.
 *
 * @example
 * ```ts
 * import { parseWebhook } from "@videorooms/telnyx";
 * import { assertEquals } from "@std/assert";
 *
 * const publicKey = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
 * const request = new Request("https://example.com/webhooks", {
 *   method: "POST",
 *   headers: {
 *     "telnyx-timestamp": "1700000000",
 *     "telnyx-signature-ed25519":
 *       "588KynigVi8Z7ZrU88yhLVnXFETE3VelmQATeQGTR0Cl3d0nP2i0BSReJGZviZB3t6Fs4s8UEwKTCnNHfYoWBQ==",
 *   },
 *   body:
 *     '{"data":{"event_type":"video.room.session.started","id":"0ccc7b54-4df3-4bca-a65a-3da1ecc777f0","occurred_at":"2021-04-16T09:46:20.954863Z","payload":{"room_id":"7b61621f-62e0-4aad-ab11-9fd19e272e73","session_id":"7b61621f-62e0-4aad-ab11-9fd19e272e74"},"record_type":"event"}}',
 * });
 * const now = 1700000001_000; // in your code, leave it out
 * const event = await parseWebhook(request, publicKey, { now });
 * assertEquals(event.event_type, "video.room.session.started");
 * ```
 */
export async function parseWebhook(
  request: WebhookRequest,
  publicKey: string | readonly string[],
  opts: WebhookOptions = {},
): Promise<RoomEvent> {
  checkArgument("opts", options, opts);
  const {
    toleranceSecs = 300,
    now = Date.now(),
    maxBodyBytes = 1_048_576,
    timeoutMs = 10_000,
  } = opts;
  checkArgument("publicKey", publicKeys, publicKey);
  const { headers, body } = checkArgument("request", webhookRequest, request);

  const timestamp = readHeader(
    headers,
    "telnyx-timestamp",
    /^\d+$/,
    "a Unix time in seconds",
  );
  const signature = readHeader(
    headers,
    "telnyx-signature-ed25519",
    // Only the first two bits of the last character count: any others would
    // be a second spelling of the same signature
    /^[A-Za-z\d+/]{85}[AQgw]==$/,
    "base64 of 64 bytes",
  );
  const ageSecs = Math.floor(now / 1000) - Number(timestamp);
  if (Math.abs(ageSecs) > toleranceSecs) {
    throw new WebhookError(
      ageSecs > 0 ? "too_old" : "too_new",
      `The webhook was signed ${Math.abs(ageSecs)} s ` +
        `${ageSecs > 0 ? "ago" : "ahead of now"}, more than ` +
        `${toleranceSecs}: check the clock, or raise 'toleranceSecs'`,
    );
  }

  const raw = (body as ReadableStream | null)?.locked === false
    ? await readStream(body as ReadableStream, maxBodyBytes, timeoutMs)
    : body as string | ArrayBuffer | null;
  const data = new Blob([timestamp, "|", raw ?? ""]);
  const start = timestamp.length + 1;
  if (data.size - start > maxBodyBytes) {
    throw new WebhookError(
      "too_large",
      `The body is larger than ${maxBodyBytes} bytes: raise 'maxBodyBytes'`,
    );
  }
  // A copy, so that the event is read from the very bytes that were verified
  const signed = await data.arrayBuffer();
  if (!await isSigned([publicKey].flat(), signature, signed)) {
    throw new WebhookError(
      "bad_signature",
      "The signature does not match the timestamp, the body and 'publicKey': " +
        "check the key, and pass the raw body",
    );
  }
  return readEvent(toText(new Uint8Array(signed, start)));
}
