import { isNode } from "./runtime.ts";
import type { EventType, State } from "./state.ts";
import { wholeBody } from "./whole_body.ts";

/**
 * Handles a webhook of the fake, as your server would. Returning nothing or a
 * response with a 2xx status accepts it.
 */
export type WebhookHandler = (
  request: Request,
) => Response | void | Promise<Response | void>;

/**
 * The key that the fake signs with: that of RFC 8032, section 7.1, test 1. It is
 * public, so that tests are repeatable.
 */
const privateKey =
  "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g";

/** The public key of the fake, in Telnyx's format. */
export const publicKey = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

/** How often each URL is tried; Telnyx does not document it for video. */
const attempts = 3;

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

/** An event, and the URLs to try in turn. */
interface Webhook {
  event: Record<string, unknown>;
  urls: string[];
}

/** Tries each URL several times, until one accepts the webhook. */
async function deliver(
  { event, urls }: Webhook,
  now: () => number,
  handler: WebhookHandler,
): Promise<void> {
  for (const url of urls) {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const meta = { attempt, delivered_to: url };
      const body = JSON.stringify({ data: event, meta });
      const timestamp = `${Math.floor(now() / 1000)}`;
      const headers = {
        "content-type": "application/json",
        "telnyx-signature-ed25519": await sign(timestamp, body),
        "telnyx-timestamp": timestamp,
        "user-agent": "telnyx-webhooks",
      };
      try {
        const request = new Request(url, {
          method: "POST",
          headers,
          // Elsewhere text, as browsers cannot send a stream on
          ...isNode() ? { body: wholeBody(body), duplex: "half" } : { body },
        });
        const response = await handler(request);
        if (response?.ok ?? true) return;
      } catch {
        // A handler that throws has not accepted it
      }
    }
  }
}

/** The URLs for the webhooks of a room or a composition, in order. */
function urlsOf(
  source: {
    webhook_event_url?: string | null;
    webhook_event_failover_url?: string | null;
  } | undefined,
  defaultUrl: string | undefined,
): string[] {
  const url = source?.webhook_event_url || defaultUrl;
  return [url, source?.webhook_event_failover_url].filter((url) =>
    !!url
  ) as string[];
}

/**
 * Sends events as webhooks in the background, one after the other. `delivered()`
 * resolves when each has been accepted or given up.
 */
export function webhooks(handler: WebhookHandler, defaultUrl?: string) {
  let queue: Promise<void> = Promise.resolve();
  return {
    delivered: (): Promise<void> => queue,
    emit(
      state: State,
      event_type: EventType,
      payload: Record<string, unknown>,
      occurred_at: string,
    ): void {
      const { composition_id, room_id } = payload;
      const source = composition_id
        ? state.compositions.get(`${composition_id}`.toLowerCase())
        : state.rooms.get(`${room_id}`.toLowerCase());
      const urls = urlsOf(source, defaultUrl);
      if (urls.length === 0) return;
      const id = state.newId();
      const event = {
        record_type: "event",
        event_type,
        id,
        occurred_at,
        payload,
      };
      queue = queue.then(() => deliver({ event, urls }, state.now, handler));
      queue.catch(() => {}); // delivered() rejects
    },
  };
}
