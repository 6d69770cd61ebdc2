import { checkArgument, inRange } from "./arguments.ts";
import { type Decoder, object, where } from "./decode.ts";
import { WebhookError } from "./errors.ts";
import { type RoomEvent, toEvent } from "./events.ts";

/**
 * A webhook as it came: a web `Request`, or what another server has of it, such
 * as the request that a handler of Express gets behind `express.raw()`.
 */
export interface WebhookRequest {
  /** A `Headers`, or an object of headers such as Node's; names in any case. */
  readonly headers:
    | { get(name: string): string | null }
    | { readonly [name: string]: string | readonly string[] | undefined };
  /**
   * The body as it came: bytes, text, or an unread stream of bytes. One that was
   * parsed and written again is not what was signed.
   */
  readonly body:
    | ReadableStream<Uint8Array>
    | ArrayBuffer
    | ArrayBufferView
    | string
    | null;
  /** Whether the body was read before; a `Request` tells. */
  readonly bodyUsed?: boolean | undefined;
}

/** Options for `parseWebhook`. */
export interface WebhookOptions {
  /**
   * How old a webhook may be, or how far ahead of this machine's clock, in whole
   * seconds; exactly that still passes. Default: 300, as in the provider's SDKs.
   */
  toleranceSecs?: number | undefined;
  /** The time in milliseconds since the epoch. Default: `Date.now()`. */
  now?: number | undefined;
  /** The size of the body, in bytes. Default: 1 MiB. */
  maxBodyBytes?: number | undefined;
  /** Milliseconds for the body, if it is a stream. Default: 10 000. */
  timeoutMs?: number | undefined;
}

const asItCame: Decoder<WebhookRequest> = /* @__PURE__ */ where(
  "a Request whose body is unread, or { headers, body } with the body as it " +
    "came: bytes, text, or an unread stream",
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

const oneOrMoreKeys: Decoder<string | string[]> = /* @__PURE__ */ where(
  "base64 of 32 bytes, or some of them in an array",
  (value) => {
    const keys = [value].flat() as string[];
    return keys.length > 0 &&
      keys.every((key) => /^[A-Za-z\d+/]{43}=$/.test(key));
  },
);

/** A header by its name, in a form that is known from its documentation. */
function readHeader(
  headers: WebhookRequest["headers"],
  name: string,
  form: RegExp,
  expected: string,
): string {
  const { get } = headers;
  const value = typeof get === "function"
    ? get.call(headers, name)
    : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  const text = String(value ?? "");
  if (form.test(text)) return text;
  throw new WebhookError(
    text ? "bad_header" : "missing_header",
    `The header '${name}' must be ${expected}`,
  );
}

/** Reads a stream of at most `maxBytes` bytes to its end, in time. */
async function readStream(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
  timeoutMs: number,
): Promise<Blob> {
  const reader = stream.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, timeoutMs);
  });
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    while (size <= maxBytes) {
      const { done, value } = await Promise.race([reader.read(), tooLate]);
      if (done) break;
      size += value.byteLength;
      pieces.push(value);
    }
    return new Blob(pieces as BlobPart[]);
  } catch {
    throw new WebhookError(
      "incomplete",
      `The body broke off, or did not come within ${timeoutMs} ms`,
    );
  } finally {
    clearTimeout(timer);
    reader.cancel().catch(() => {}); // which may take its time
  }
}

function toBytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** Whether one of the keys has signed the data. */
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
 * Reads a webhook, if it is the provider's (Telnyx, *Webhook fundamentals*): if
 * its `telnyx-signature-ed25519` is that of its `telnyx-timestamp` and its body,
 * by your account's key, and the timestamp is of now.
 *
 * The body is read only when the headers will do, and is bounded in bytes and
 * time. The event is what came: fields are named as on the wire, unknown ones
 * are kept, and a field of the wrong type is an error that says where.
 *
 * A webhook that somebody repeats within the tolerance passes, as do the
 * provider's own repetitions: drop an event whose `id` you know. Answer with a
 * 2xx first, and work afterwards.
 *
 * @param request The webhook: a `Request`, or its headers and its body.
 * @param publicKey Your account's public key, as the provider's portal has it:
 * base64 of 32 bytes. While keys are rotated, both of them.
 * @param opts How old, how large and how slow it may be.
 * @returns The event. One of a type that is not known is no error: it is an
 * `UnknownEvent`.
 * @throws {WebhookError} If it is not to be trusted, or not to be read: answer
 * with a 4xx, unless its `code` is `unsupported`.
 * @throws {InvalidArgumentError} If `publicKey` is no key, if an option is out of
 * its range, or if what is handed in has no raw body.
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
  checkArgument("publicKey", oneOrMoreKeys, publicKey);
  const { headers, body } = checkArgument("request", asItCame, request);

  const timestamp = readHeader(
    headers,
    "telnyx-timestamp",
    /^\d+$/,
    "a Unix time in seconds",
  );
  const signature = readHeader(
    headers,
    "telnyx-signature-ed25519",
    // Only the first two bits of the last character count: with others set,
    // there would be a second way to write the same signature
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
  // A copy: what is read is what was verified, whoever holds the body
  const signed = await data.arrayBuffer();
  if (!await isSigned([publicKey].flat(), signature, signed)) {
    throw new WebhookError(
      "bad_signature",
      "The signature is not of this time and body by 'publicKey': check the " +
        "key, and hand in the body as it came",
    );
  }
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return toEvent(() =>
    JSON.parse(decoder.decode(new Uint8Array(signed, start)))
  );
}
