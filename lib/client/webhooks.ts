// Verifies that a webhook comes from Telnyx, and reads its event.
import {
  checkArgument,
  delayFrom,
  integerInRange,
  numberInRange,
} from "../core/arguments.ts";
import { type Decoder, object, type Shape, where } from "../core/decode.ts";
import { WebhookError } from "../core/errors.ts";
import { readEvent, type RoomEvent } from "../core/events.ts";
import { readForeign } from "../core/foreign.ts";
import { readOptions } from "../core/options.ts";
import { isRecord } from "../core/redact.ts";
import { decodeUtf8 } from "./body.ts";
import { isWebhookBody, readBody } from "./webhook_body.ts";

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
   * The raw body: bytes, text, or an unread stream of bytes, such as a request of
   * Node's server. The signature does not match a body that was parsed and
   * serialized again.
   */
  readonly body:
    | ReadableStream<Uint8Array>
    | AsyncIterable<Uint8Array>
    | ArrayBuffer
    | SharedArrayBuffer
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
   * inclusive.
   *
   * @default {300}, as in Telnyx's SDKs
   */
  toleranceSecs?: number | undefined;
  /**
   * The time in milliseconds since the epoch.
   *
   * @default {Date.now()}
   */
  now?: number | undefined;
  /**
   * Largest body, in bytes.
   *
   * @default {1_048_576}, which is 1 MiB
   */
  maxBodyBytes?: number | undefined;
  /**
   * Milliseconds to read the body, if it is a stream.
   *
   * @default {10_000}
   */
  timeoutMs?: number | undefined;
}

const webhookRequest: Decoder<WebhookRequest> = (value) => {
  if (!isRecord(value) || !isRecord(value.headers)) {
    const expected = "a Request, or { headers, body } with the raw body";
    return { pointer: "", expected, value };
  }
  const { body, bodyUsed } = value;
  if (!bodyUsed && isWebhookBody(body)) return;
  const expected = "the raw body, unread and unparsed: bytes, text or a stream";
  return { pointer: "/body", expected, value: body };
};

const optionShape: Shape<WebhookOptions> = {
  toleranceSecs: [/* @__PURE__ */ integerInRange(0), "optional"],
  now: [/* @__PURE__ */ numberInRange(0, 8.64e15), "optional"],
  maxBodyBytes: [/* @__PURE__ */ integerInRange(0), "optional"],
  timeoutMs: [/* @__PURE__ */ delayFrom(0), "optional"],
};
const options: Decoder<WebhookOptions> = /* @__PURE__ */ object(optionShape);
const optionNames = /* @__PURE__ */ Object.keys(optionShape);

/**
 * The points of small order, as bytes in hexadecimal with the sign bit cleared.
 * With one as the key, anybody can make signatures; some runtimes accept them.
 */
const smallOrderPoints = /* @__PURE__ */ new Set([
  // 0, also a placeholder, and 1
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  // -1; 0 and 1 written another way
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]);

/** Whether a text is a public key that only its owner can sign for. */
function isPublicKey(key: unknown): boolean {
  if (typeof key !== "string" || !/^[A-Za-z\d+/]{43}=$/.test(key)) return false;
  const bytes = toBytes(key);
  const hex = Array.from(bytes, (byte, i) => {
    const unsigned = i === 31 ? byte & 0x7f : byte;
    return unsigned.toString(16).padStart(2, "0");
  }).join("");
  return !smallOrderPoints.has(hex);
}

const publicKeys: Decoder<string | string[]> = /* @__PURE__ */ where(
  "base64 of the 32 bytes of an Ed25519 key, as in the portal, or an array of " +
    "such keys",
  (value) =>
    Array.isArray(value)
      ? value.length > 0 && value.every(isPublicKey)
      : isPublicKey(value),
);

/** Reads a header and checks it against its documented form. */
function readHeader(
  headers: WebhookRequest["headers"],
  name: string,
  pattern: RegExp,
  expected: string,
): string {
  const text = readForeign("request.headers", [], () => {
    const { get } = headers;
    const value = typeof get === "function"
      ? get.call(headers, name)
      : Object.entries(headers)
        .find(([key]) => key.toLowerCase() === name)?.[1];
    return String(value ?? "");
  });
  if (pattern.test(text)) return text;
  if (text) {
    const message = `The header '${name}' must be ${expected}`;
    throw new WebhookError("bad_header", message);
  }
  throw new WebhookError(
    "missing_header",
    `The header '${name}' is missing: Telnyx did not send this, or the ` +
      "headers were not passed on",
  );
}

/** The bytes that are signed: the timestamp, `|`, and the body. */
function signedBytes(
  timestamp: string,
  body: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const prefix = new TextEncoder().encode(`${timestamp}|`);
  const signed = new Uint8Array(prefix.byteLength + body.byteLength);
  signed.set(prefix);
  signed.set(body, prefix.byteLength);
  return signed;
}

function toBytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** Whether the signature of the data is by one of the keys. */
async function isSigned(
  keys: string[],
  signature: string,
  data: Uint8Array<ArrayBuffer>,
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
      "This runtime cannot verify Ed25519: update it",
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
 * Telnyx delivers again: skip an event whose `id` you have seen. Respond
 * with a 2xx before you process the event.
 *
 * @param request The webhook: a `Request`, or its headers and raw body.
 * @param publicKey Your account's public key, as shown in Telnyx's
 * portal: base64 of 32 bytes; an array of keys during a rotation.
 * @param opts Limits on age, size and time.
 * @returns The event. An unknown type is not an error: the event is then an
 * `UnknownEvent`.
 * @throws {WebhookError} If it cannot be trusted or read: respond with a 4xx,
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
  const given = readOptions("", opts, optionNames);
  checkArgument("opts", options, given);
  const {
    toleranceSecs = 300,
    now = Date.now(),
    maxBodyBytes = 1_048_576,
    timeoutMs = 10_000,
  } = given;
  // A copy, since the caller may change an array while the body is read
  const copy: unknown = readForeign(
    "publicKey",
    [],
    () => Array.isArray(publicKey) ? [...publicKey] : publicKey,
  );
  const checked = checkArgument("publicKey", publicKeys, copy);
  const keys = typeof checked === "string" ? [checked] : checked;
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

  const bytes = await readBody(body, maxBodyBytes, timeoutMs);
  const signed = signedBytes(timestamp, bytes);
  if (!await isSigned(keys, signature, signed)) {
    throw new WebhookError(
      "bad_signature",
      "The signature does not match the timestamp, the body and 'publicKey': " +
        "check the key, and pass the raw body",
    );
  }
  // Of the copy that was verified: a stream may write its buffer again
  const text = decodeUtf8(signed.subarray(timestamp.length + 1));
  return readEvent(text ?? ""); // which is no JSON either
}
