// The newest requests and webhooks, as a person looks at them: bounded, without
// API keys, and with a number that grows with every change.
import { ignoredOf } from "./ignored.ts";
import type { Fault } from "./faults.ts";
import { type FakeRequest, sizeOf } from "./log.ts";
import { Newest } from "./newest.ts";
import { findRoute } from "./routes.ts";
import type { FakeWebhook } from "./webhooks.ts";

interface EntryBase {
  /** Counts from 1. */
  id: number;
  /** Grows with every change of any entry. */
  revision: number;
  /** When it began, in milliseconds since the epoch. */
  at: number;
}

export interface WebhookEntry extends EntryBase, FakeWebhook {
  kind: "webhook";
}

interface Answer {
  status: number;
  headers: Headers;
  /** The body, as JSON unless it is text; undefined for none or a file. */
  body: unknown;
  ms: number;
}

/** A request as it is kept: what is shown is made when somebody looks. */
interface KeptRequest extends EntryBase {
  request: FakeRequest;
  fault: Fault;
  /** `"waiting"` for the response, or what became of it. */
  outcome: "waiting" | "answered" | "broken" | "left";
  answer?: Answer;
}

/** How many entries are kept, and how much of a body. */
const maxEntries = 500;
const maxBodyCharacters = 32_768;

/** A text, cut off where it is too long to be shown. */
function cut(text: string): string {
  if (text.length <= maxBodyCharacters) return text;
  return `${text.slice(0, maxBodyCharacters)}\n… ${
    text.length - maxBodyCharacters
  } more characters`;
}

/** Headers without what is a secret. */
function shownHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) =>
      /^(proxy-)?authorization$|^cookie$|key/.test(name)
        ? [name, value.replace(/^(\w+ +)?.*$/s, "$1[redacted]")]
        : [name, value]
    ),
  );
}

/** A fault in words, or undefined for none. */
export function faultWords(fault: Fault): string | undefined {
  const { status, delayMs, bodyDelayMs, disconnect, body } = fault;
  const words = [
    status !== undefined && `status ${status}`,
    delayMs !== undefined &&
    (delayMs === Infinity ? "no response" : `${delayMs} ms late`),
    bodyDelayMs !== undefined &&
    (bodyDelayMs === Infinity ? "stalled body" : `body ${bodyDelayMs} ms late`),
    disconnect === "before-response" && "connection broken",
    disconnect === "in-body" && "connection broken in the body",
    fault.headers !== undefined && "other headers",
    body !== undefined && "another body",
    fault.ignoreRange === true && "range ignored",
    fault.changed === true && "changed file",
  ].filter((word) => typeof word === "string");
  return words.length > 0 ? words.join(", ") : undefined;
}

const charactersOf = (entry: KeptRequest | WebhookEntry) =>
  "request" in entry ? sizeOf(entry.request) : 0;

/** A request as it is shown: without the API key. */
function shownRequest(
  { request, fault, outcome, answer, ...base }: KeptRequest,
) {
  const { method, url, headers, body, note } = request;
  const operation = findRoute(request)?.operation;
  const words = faultWords(fault);
  const response = answer?.body;
  const text = typeof response === "string"
    ? response
    : JSON.stringify(response);
  return {
    kind: "request" as const,
    ...base,
    method,
    url,
    ...operation && { operation: `${operation.method} ${operation.path}` },
    headers: shownHeaders(headers),
    ...body !== undefined && { body: cut(body) },
    outcome,
    ...answer && {
      status: answer.status,
      responseHeaders: Object.fromEntries(answer.headers),
      ms: answer.ms,
    },
    ...text !== undefined && { responseBody: cut(text) },
    ...words !== undefined && { fault: words },
    ignored: ignoredOf(request),
    ...note !== undefined && { note },
  };
}

export type RequestEntry = ReturnType<typeof shownRequest>;
export type Entry = RequestEntry | WebhookEntry;

/** What the log shows, and who is told that it has changed. */
export class Activity {
  readonly #kept = new Newest(maxEntries, charactersOf);
  revision = 0;
  clears = 0;
  readonly #listeners = new Set<() => void>();
  #lastId = 0;

  constructor(private readonly now: () => number) {}

  /** The entries that have changed since a revision, the oldest first. */
  entries(since = 0): Entry[] {
    return this.#kept.items.filter(({ revision }) => revision > since)
      .map((entry) => "request" in entry ? shownRequest(entry) : entry);
  }

  /** Calls a function after every change; returns what ends that. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Adds a request; returns what is told of its response. */
  request(
    request: FakeRequest,
    fault: Fault,
    signal: AbortSignal | undefined,
  ): (answer: Omit<Answer, "ms">) => void {
    const isBroken = fault.disconnect === "before-response";
    const entry: KeptRequest = {
      id: ++this.#lastId,
      revision: 0,
      at: this.now(),
      request,
      fault,
      outcome: isBroken ? "broken" : "waiting",
    };
    this.#add(entry);
    const start = performance.now();
    const leave = () => {
      if (entry.outcome !== "waiting") return;
      entry.outcome = "left";
      this.#touch(entry);
    };
    // Who breaks it off has no answer, and so nothing would stop the listening
    if (!isBroken) signal?.addEventListener("abort", leave);
    return ({ status, headers, body }) => {
      signal?.removeEventListener("abort", leave);
      const ms = Math.round((performance.now() - start) * 10) / 10;
      entry.outcome = "answered";
      entry.answer = { status, headers, body, ms };
      this.#touch(entry);
    };
  }

  /** Adds a webhook, or says that it has changed. */
  webhook({ event, urls, attempts }: FakeWebhook): void {
    const known = this.#kept.items.findLast((entry) =>
      "attempts" in entry && entry.attempts === attempts
    );
    if (known) return this.#touch(known);
    this.#add({
      kind: "webhook",
      id: ++this.#lastId,
      revision: 0,
      at: Date.parse(event.occurred_at),
      event,
      urls,
      attempts,
    });
  }

  clear(): void {
    this.#kept.clear();
    this.clears++;
    this.changed();
  }

  #add(entry: KeptRequest | WebhookEntry): void {
    this.#kept.add(entry);
    this.#touch(entry);
  }

  #touch(entry: KeptRequest | WebhookEntry): void {
    entry.revision = ++this.revision;
    this.changed();
  }
}
