import type { FakeRoomsOptions } from "./fake_rooms.ts";
import { type FakeEvent, publicKey, signedRequest } from "./sign_webhook.ts";
import type { EventType, State } from "./state.ts";

export { publicKey };

/**
 * Handles a webhook of the fake, as your server would. Returning nothing or a
 * response with a 2xx status accepts it.
 */
export type WebhookHandler = (
  request: Request,
) => Response | void | Promise<Response | void>;

/** One attempt to deliver a webhook. */
export interface FakeWebhookAttempt {
  /** Where it was sent. */
  url: string;
  /**
   * The status of the response, 200 if there was none; absent if the handler
   * threw.
   */
  status?: number;
}

/** An event of the fake, and its deliveries. */
export interface FakeWebhook {
  /** The event. */
  event: FakeEvent;
  /** Where it is sent, in turn; empty if nobody is told of it. */
  urls: readonly string[];
  /** The attempts so far, the oldest first. */
  attempts: readonly FakeWebhookAttempt[];
}

/**
 * What can go wrong with a webhook: it comes twice, or after the one that follows
 * it.
 */
export type WebhookFault = "duplicate" | "reorder";

/** How often each URL is tried; Telnyx does not document it for video. */
const attempts = 3;

const maxWebhooks = 1000;

type Kept = FakeWebhook & { attempts: FakeWebhookAttempt[] };

/** The URLs for the webhooks of a room or a composition, in order. */
function urlsOf(
  source: {
    webhook_event_url?: string | null;
    webhook_event_failover_url?: string | null;
  } | undefined,
  defaultUrl: string | undefined,
): string[] {
  const url = source?.webhook_event_url || defaultUrl;
  return [url, source?.webhook_event_failover_url]
    .filter((url): url is string => !!url);
}

/** Keeps the events, and sends them one after the other, in the background. */
export class Outbox {
  /** The newest ones, the oldest first. */
  readonly sent: Kept[] = [];
  /** The faults to come. */
  readonly faults: { fault: WebhookFault; times: number }[] = [];
  /** Whether they are to be forgotten, such as those of a made-up past. */
  isQuiet = false;
  #queue: Promise<void> = Promise.resolve();
  /** The one that comes after the next. */
  #held: Kept | undefined;
  #unsent = 0;

  /**
   * @param now When one is signed.
   * @param changed Called when there is a new one, and after each attempt.
   */
  constructor(
    private readonly options: FakeRoomsOptions,
    private readonly now: () => number,
    private readonly changed: (webhook: FakeWebhook) => void,
  ) {}

  addFault(fault: WebhookFault, times: number): void {
    if (fault !== "duplicate" && fault !== "reorder") {
      throw new TypeError(
        "Cannot inject the webhook fault as it must be 'duplicate' or 'reorder'",
      );
    }
    if (times > 0) this.faults.push({ fault, times });
  }

  /** Resolves when each webhook has been accepted or given up. */
  delivered(): Promise<void> {
    this.#release();
    return this.#queue;
  }

  /** Keeps an event, and sends it if there is somebody to tell. */
  emit(
    state: State,
    event_type: EventType,
    payload: Record<string, unknown>,
    occurred_at: string,
  ): void {
    if (this.isQuiet) return;
    const { composition_id, room_id } = payload;
    const source = composition_id
      ? state.compositions.get(`${composition_id}`)
      : state.rooms.get(`${room_id}`);
    const { onWebhook, webhookUrl } = this.options;
    const urls = onWebhook ? urlsOf(source, webhookUrl) : [];
    // One that is not sent takes no id from a test that counts them
    const id = urls.length > 0
      ? state.newId()
      : `00000000-0000-4000-9000-${`${++this.#unsent}`.padStart(12, "0")}`;
    const event: FakeEvent = {
      record_type: "event",
      event_type,
      id,
      occurred_at,
      payload,
    };
    const webhook: Kept = { event, urls, attempts: [] };
    this.sent.push(webhook);
    if (this.sent.length > maxWebhooks) this.sent.shift();
    this.changed(webhook);
    if (urls.length > 0) this.#send(webhook);
  }

  /** Sends a webhook again. */
  redeliver(id: string): void {
    const webhook = this.sent.find(({ event }) => event.id === id);
    if (!webhook) throw new TypeError(`Cannot find webhook ${id}`);
    if (webhook.urls.length === 0) {
      throw new TypeError(
        `Cannot send webhook ${id} as it has no URL: set the room's ` +
          "webhook_event_url, and a receiver (onWebhook, or --webhooks)",
      );
    }
    this.#enqueue(webhook);
  }

  /** Forgets all, and the faults to come. */
  clear(): void {
    this.sent.length = 0;
    this.#held = undefined;
    this.#unsent = 0;
    this.faults.length = 0;
  }

  #send(webhook: Kept): void {
    const [next] = this.faults;
    if (next && --next.times <= 0) this.faults.shift();
    if (next?.fault === "reorder" && !this.#held) {
      this.#held = webhook;
      return;
    }
    this.#enqueue(webhook);
    if (next?.fault === "duplicate") this.#enqueue(webhook);
    this.#release();
  }

  #release(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held) this.#enqueue(held);
  }

  #enqueue(webhook: Kept): void {
    this.#queue = this.#queue.then(() => this.#deliver(webhook));
    this.#queue.catch(() => {}); // delivered() rejects
  }

  /** Tries each URL several times, until one accepts the webhook. */
  async #deliver(webhook: Kept): Promise<void> {
    const { options: { onWebhook }, now } = this;
    for (const url of webhook.urls) {
      for (let attempt = 1; attempt <= attempts; attempt++) {
        const request = await signedRequest(webhook.event, url, attempt, now());
        const made: FakeWebhookAttempt = { url };
        try {
          const response = await onWebhook?.(request);
          made.status = response?.status ?? 200;
        } catch {
          // A handler that throws has not accepted it
        }
        webhook.attempts.push(made);
        this.changed(webhook);
        const { status } = made;
        if (status !== undefined && status >= 200 && status < 300) return;
      }
    }
  }
}
