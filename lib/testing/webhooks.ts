import type { EventType, State } from "./state.ts";

/**
 * Takes a webhook of the fake: what a server of your own answers with decides
 * whether it was taken. Nothing, or a status of 2xx, says that it was.
 */
export type WebhookHandler = (
  request: Request,
) => Response | void | Promise<Response | void>;

/**
 * The key that the fake signs with, which is that of RFC 8032, section 7.1, test
 * 1: known to all, as a test has to be repeatable.
 */
const privateKey =
  "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g";

/** The public half of the fake's key, as the provider gives one. */
export const publicKey = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

/** How often each URL is tried; the provider documents no number for video. */
const attempts = 3;

const bytesOf = (base64: string) =>
  Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

/** The base64 of the signature over timestamp and body. */
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

/** What is to be delivered, to these URLs in turn. */
interface Webhook {
  event: Record<string, unknown>;
  urls: string[];
}

/** Tries each URL some times, until one takes the webhook. */
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
        const request = new Request(url, { method: "POST", headers, body });
        const response = await handler(request);
        if (response?.ok ?? true) return;
      } catch {
        // What throws has not taken it
      }
    }
  }
}

/** Where the webhooks of a room or a composition go, in the order of trying. */
function urlsOf(
  source: {
    webhook_event_url?: string | null;
    webhook_event_failover_url?: string | null;
  } | undefined,
  defaultUrl: string | undefined,
): string[] {
  const { webhook_event_url, webhook_event_failover_url } = source ?? {};
  const url = webhook_event_url || defaultUrl;
  return [url, webhook_event_failover_url].filter((it) => !!it) as string[];
}

/**
 * Makes what sends a webhook for each thing that happens: one after the other, in
 * the background. `delivered()` resolves once all so far were taken or given up.
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
      queue.catch(() => {}); // delivered() tells
    },
  };
}
