// Webhooks as Telnyx signs them, with a key of the fake's own.
import { isNode } from "../core/runtime.ts";
import { wholeBody } from "./bodies.ts";

/** The key of RFC 8032, section 7.1, test 1: public, for repeatable tests. */
const privateKey =
  "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g";

/** The public key of the fake, in Telnyx's format. */
export const publicKey = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

const bytesOf = (base64: string) =>
  Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

/** The signature of timestamp and body, as base64. */
async function sign(timestamp: string, body: string): Promise<string> {
  const key = await crypto.subtle.importKey(
    "pkcs8",
    bytesOf(privateKey),
    "Ed25519",
    false,
    ["sign"],
  ).catch(() => {
    throw new Error("Cannot sign webhooks as Web Crypto has no Ed25519 here");
  });
  const signed = new TextEncoder().encode(`${timestamp}|${body}`);
  const signature = await crypto.subtle.sign("Ed25519", key, signed);
  return btoa(String.fromCharCode(...new Uint8Array(signature)));
}

/** An event as the body of a webhook has it. */
export interface FakeEvent {
  /** Always `"event"`. */
  record_type: "event";
  /** The type, such as `"video.room.session.started"`. */
  event_type: string;
  /** UUID of the event: the same on every delivery. */
  id: string;
  /** When it occurred: ISO 8601 with microseconds. */
  occurred_at: string;
  /** What it tells. */
  payload: Record<string, unknown>;
}

/** One attempt to deliver an event, as a signed request. */
export async function signedRequest(
  event: FakeEvent,
  url: string,
  attempt: number,
  sentMs: number,
): Promise<Request> {
  const meta = { attempt, delivered_to: url };
  const body = JSON.stringify({ data: event, meta });
  const timestamp = `${Math.floor(sentMs / 1000)}`;
  const headers = {
    "content-type": "application/json",
    "telnyx-signature-ed25519": await sign(timestamp, body),
    "telnyx-timestamp": timestamp,
    "user-agent": "telnyx-webhooks",
  };
  return new Request(url, {
    method: "POST",
    headers,
    // Elsewhere text, as browsers cannot send a stream on
    ...isNode() ? { body: wholeBody(body), duplex: "half" } : { body },
  });
}

/** An event to sign; what it leaves out is filled in. */
export interface EventToSign {
  /** The type, such as `"video.room.participant.joined"`. */
  event_type: string;
  /**
   * What it tells.
   *
   * @default {{}}
   */
  payload?: object | undefined;
  /** UUID of the event. Default: a new one. */
  id?: string | undefined;
  /** When it occurred. Default: `now`. */
  occurred_at?: string | undefined;
}

/** Options for `signWebhook`. */
export interface SignWebhookOptions {
  /**
   * The URL of the request.
   *
   * @default {"https://example.com/webhooks"}
   */
  url?: string | undefined;
  /**
   * When it is signed, in milliseconds since the epoch.
   *
   * @default {Date.now()}
   */
  now?: number | undefined;
}

/**
 * Makes a webhook for a unit test of the handler that receives it: signed as
 * Telnyx signs, with the key of the fake.
 *
 * @param event The event.
 * @param options Where the request goes, and when it is signed.
 * @returns The request; `fakeRooms().publicKey` verifies it.
 * @throws {Error} If the runtime's Web Crypto has no Ed25519.
 *
 * @example A handler is given an event
 * ```ts
 * import { parseWebhook } from "@videorooms/telnyx";
 * import { fakeRooms, signWebhook } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const request = await signWebhook({
 *   event_type: "video.room.session.started",
 *   payload: { session_id: "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0" },
 * });
 * const event = await parseWebhook(request, fakeRooms().publicKey);
 * assertEquals(event.event_type, "video.room.session.started");
 * ```
 */
export function signWebhook(
  event: EventToSign,
  options: SignWebhookOptions = {},
): Promise<Request> {
  const { url = "https://example.com/webhooks", now = Date.now() } = options;
  const occurredAt = new Date(now).toISOString().replace("Z", "000Z");
  const { event_type, id, occurred_at, payload } = event;
  const whole: FakeEvent = {
    ...event,
    record_type: "event",
    event_type,
    id: id ?? crypto.randomUUID(),
    occurred_at: occurred_at ?? occurredAt,
    payload: { ...payload },
  };
  return signedRequest(whole, url, 1, now);
}
